package main

import (
	"errors"
	"fmt"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/microsoft/azure-devops-go-api/azuredevops/v7"
)

// Azure DevOps' errors come as a value or as a pointer, depending on whether the answer had a body.
func failureOf(err error) *failure {
	var arm *azcore.ResponseError
	var entra *azidentity.AuthenticationFailedError
	var value azuredevops.WrappedError
	var pointer *azuredevops.WrappedError
	switch {
	case errors.As(err, &entra):
		found := &failure{Type: "AuthenticationFailedError", Message: err.Error()}
		if entra.RawResponse != nil {
			found.Status = entra.RawResponse.StatusCode
		}
		return found
	case errors.As(err, &arm):
		return &failure{Type: "ResponseError", Status: arm.StatusCode, Code: arm.ErrorCode, Message: err.Error()}
	case errors.As(err, &value):
		return wrapped(value)
	case errors.As(err, &pointer):
		return wrapped(*pointer)
	}
	return &failure{Type: fmt.Sprintf("%T", err), Message: err.Error()}
}

func wrapped(err azuredevops.WrappedError) *failure {
	found := &failure{Type: "WrappedError", Message: err.Error()}
	if err.StatusCode != nil {
		found.Status = *err.StatusCode
	}
	if err.TypeKey != nil {
		found.Code = *err.TypeKey
	}
	return found
}
