module listener

go 1.25.0
