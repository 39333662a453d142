# Makes a Windows container one Azure Pipelines agent for exactly one job, as standalone.sh does with Linux: the container
# registers by AZP_URL, AZP_POOL, AZP_AGENT_NAME, AZP_WORK and AZP_TOKEN or AZP_TOKEN_FILE, and unregisters in the end.
# With AZ_ACI_NAME, AZ_ACI_RG and AZ_SUBSCRIPTION_ID it then deletes its own group, as its managed identity. For Windows
# PowerShell 5.1, which the base image has. It always exits 0: what ends otherwise may be started again by the platform.
# The scenarios are those of test/agent-image/standalone/standalone-scenarios.json.
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12

$agent = Join-Path $PSScriptRoot 'agent'
$diag = Join-Path $PSScriptRoot 'diag'
$script:record = $null
$script:listenerStarted = $false

function Say([string] $line) { [Console]::Out.WriteLine($line) }

# A value of the environment, or what stands for it when it is not given.
function Get-Value([string] $name, [string] $otherwise = '') {
    $value = [Environment]::GetEnvironmentVariable($name)
    if ([string]::IsNullOrEmpty($value)) { return $otherwise }
    return $value
}

function Get-Seconds([string] $name, [int] $otherwise) {
    $value = Get-Value "EPHEMERAL_$name" "$otherwise"
    if ($value -notmatch '^(0|[1-9][0-9]*)$') { throw "$name is not a number of seconds." }
    return [int] $value
}

# Status and text of an answer, whatever the status; 0 when there was none.
function Invoke-Request([string] $method, [string] $uri, [hashtable] $headers) {
    try {
        $answer = Invoke-WebRequest -UseBasicParsing -Method $method -Uri $uri -Headers $headers -TimeoutSec 60
        return @{ Status = [int] $answer.StatusCode; Text = [string] $answer.Content }
    } catch {
        $response = $null
        if ($_.Exception.PSObject.Properties['Response']) { $response = $_.Exception.Response }
        if ($null -eq $response) { return @{ Status = 0; Text = $_.Exception.Message } }
        $text = [string] $_.ErrorDetails
        if (-not $text) {
            $reader = New-Object IO.StreamReader($response.GetResponseStream())
            $text = $reader.ReadToEnd()
        }
        return @{ Status = [int] $response.StatusCode; Text = $text }
    }
}

# Scenario: no-token
# Scenario: token-file
# Scenario: readable-token-file
# The agent hands its environment to every job and shows it as capabilities in the pool, so nothing secret stays in it.
function Get-Token {
    $token = Get-Value 'AZP_TOKEN'
    $file = Get-Value 'AZP_TOKEN_FILE'
    if (-not $token -and $file -and (Test-Path -LiteralPath $file)) {
        $token = ([IO.File]::ReadAllText($file)).Trim()
    }
    if (-not $token) { throw 'Neither AZP_TOKEN nor a readable AZP_TOKEN_FILE has a token to register the agent with.' }
    if ($file -and (Test-Path -LiteralPath $file)) {
        try { Remove-Item -LiteralPath $file -Force } catch { throw "The job could read the token in $file, so no agent is started." }
    }
    return $token
}

# Scenario: hidden-token
# Scenario: own-settings
# The lists are those of the Linux script. What the agent is handed, it shows in the pool unless VSO_AGENT_IGNORE names it.
function Hide-Variables($settings) {
    $open = @('PWD', 'OLDPWD', 'BYPASS', '*_BYPASS')
    $secret = @(
        '*TOKEN*', '*SECRET*', '*PASSW*', '*PASSPHRASE*', '*PASS', '*PASS_*', '*PASSFILE', '*_PW', '*PWD',
        '*CREDENTIAL*', '*CREDS', '*CONN*STR*', '*_CONNECTION', 'AUTH', '*_AUTH', '*_AUTH_*', '*AUTHORIZATION',
        '*COOKIE', '*WEBHOOK', '*WEBHOOK_UR[IL]', '*KEY', '*_KEY_*', '*KEY[0-9]', '*_KEYS', '*APIKEYS', '*_PRIVATE',
        'PAT', '*_PAT', 'SAS', '*_SAS', '*_SAS_*', 'JWT', '*_JWT', 'PEM', '*_PEM', '*_PEM_*', '*_PFX', '*_PFX_*',
        '*_P12', '*_P12_*', 'DSN', '*_DSN', '*DATABASE_UR[IL]', '*DB_UR[IL]', '*JDBC_UR[IL]', '*MONGO*_UR[IL]',
        '*POSTGRES*_UR[IL]', '*MYSQL_UR[IL]', '*REDIS*_UR[IL]', '*AMQP*_UR[IL]', '*RABBITMQ*_UR[IL]'
    )
    $secretValue = '://[^/]*:.*@|://[^/ ]*@|jdbc:[^@]*/[^@]*@|[?&]sig=|hooks\.slack\.com/services/'
    $secretValue += '|(password|pwd|accountkey|accesskey)"? *[=:]|(^|[^a-z])pass"? *[=:]|-----begin '
    $secretValue += '|(^|[^a-z])bearer +[a-z0-9._~+/=-]{6}|(^|[^a-z0-9])eyj[a-z0-9_-]{6,}\.[a-z0-9_-]+\.'
    $secretValue += '|(gh[pousr]_|github_pat_|glpat-)[a-z0-9_-]{16}'
    $own = '^(EPHEMERAL_.*|VSTS_AGENT_INPUT_.*|AZP_(URL|POOL|AGENT_NAME|WORK|TOKEN|TOKEN_FILE))$'
    $ownOfGroup = '^AZ_(ACI_NAME|ACI_RG|SUBSCRIPTION_ID|MANAGED_IDENTITY|CLOUD|RESOURCE_MANAGER)$'
    $secretValues = (Get-Value 'EPHEMERAL_SECRET_ENVIRONMENT').Split(',')
    $keep = (Get-Value 'EPHEMERAL_KEEP_ENVIRONMENT').Split(',') + $secretValues
    $hidden = @((Get-Value 'VSO_AGENT_IGNORE'), 'VSO_AGENT_IGNORE') + $secretValues
    foreach ($name in @([Environment]::GetEnvironmentVariables().Keys)) {
        $looksSecret = @($secret | Where-Object { $name -like $_ }).Count -gt 0 -and
            @($open | Where-Object { $name -like $_ }).Count -eq 0
        if ($name -match $own -or ($name -match $ownOfGroup -and (Test-OwnGroup $settings))) {
            [Environment]::SetEnvironmentVariable($name, $null)
        } elseif ($looksSecret -and $keep -notcontains $name) {
            Say "The variable $name is not handed to the agent, because its name tells of a secret."
            [Environment]::SetEnvironmentVariable($name, $null)
        } elseif ($looksSecret -or (Get-Value $name) -match $secretValue) {
            $hidden += $name
        }
    }
    [Environment]::SetEnvironmentVariable('VSO_AGENT_IGNORE', (@($hidden | Where-Object { $_ }) -join ','))
}

# Whether the container is told which group it is to delete in the end.
function Test-OwnGroup($settings) { return [bool] ($settings.Group -and $settings.ResourceGroup -and $settings.Subscription) }

# Scenario: registers
# Scenario: defaults
# Scenario: not-registered
# Scenario: half-registered
# A record of the same name that this container did not make is never replaced: it may be somebody else's.
function Register-Agent($settings) {
    Say "Registering the agent $($settings.Name) in pool $($settings.Pool) of $($settings.Url)."
    [Environment]::SetEnvironmentVariable('VSTS_AGENT_INPUT_TOKEN', $settings.Token)
    try {
        & (Join-Path $agent 'config.cmd') --unattended --acceptTeeEula --auth pat --url $settings.Url `
            --pool $settings.Pool --agent $settings.Name --work $settings.Work | ForEach-Object { Say $_ }
    } finally {
        [Environment]::SetEnvironmentVariable('VSTS_AGENT_INPUT_TOKEN', $null)
    }
    # It may have failed after it had registered.
    $file = Join-Path $agent '.agent'
    if (Test-Path -LiteralPath $file) {
        $written = [IO.File]::ReadAllText($file) | ConvertFrom-Json
        $script:record = "$($settings.Url.TrimEnd('/'))/_apis/distributedtask/pools/$($written.poolId)/agents/$($written.agentId)"
    }
    if ($LASTEXITCODE -ne 0) { throw 'The agent could not be registered.' }
}

function Test-JobStarted { return Test-Path (Join-Path $diag 'Worker_*.log') }

# Ends a listener that has nothing more to wait for. Returns its exit code.
function Wait-Listener($listener, $settings) {
    $gone = $null
    while (-not $listener.WaitForExit(1000)) {
        $now = $settings.Clock.Elapsed.TotalSeconds
        $worker = @(Get-Process -Name 'Agent.Worker' -ErrorAction SilentlyContinue).Count -gt 0
        if ($worker) { $gone = $null } elseif ((Test-JobStarted) -and $null -eq $gone) { $gone = $now }
        if ($now -ge $settings.Lifetime) {
            Say "The container has had its $($settings.Lifetime) seconds. The listener is being ended."
        } elseif ($null -ne $gone -and $now - $gone -ge $settings.FinishGrace) {
            Say 'The job has ended, but the listener stays. It is being ended.'
        } elseif (-not (Test-JobStarted) -and $now -ge $settings.Idle) {
            Say "No job came within $($settings.Idle) seconds. The listener is being ended."
        } else {
            continue
        }
        # With everything it has started.
        & taskkill.exe /T /F /PID $listener.Id | Out-Null
        $listener.WaitForExit()
    }
    return $listener.ExitCode
}

# Scenario: one-job
# Exit codes 3 and 4 mean that the agent updates itself and wants to be started again.
function Invoke-Listener($settings) {
    foreach ($update in 0..3) {
        $program = Join-Path $agent 'bin\Agent.Listener.exe'
        $before = (Get-Item $program).LastWriteTimeUtc
        Say 'Starting the listener for one job.'
        $script:listenerStarted = $true
        $listener = Start-Process -FilePath $program -ArgumentList 'run', '--once' -NoNewWindow -PassThru -WorkingDirectory $agent
        # Without this, Windows PowerShell forgets the exit code.
        $null = $listener.Handle
        $code = Wait-Listener $listener $settings
        Say "The listener ended with exit code $code."
        if ($code -ne 3 -and $code -ne 4) { return }
        if (Test-JobStarted) { throw 'A job has been given to this agent. It is not started again.' }
        Say 'The agent is updating itself.'
        foreach ($waited in 1..20) {
            Start-Sleep -Seconds 1
            if ((Test-Path $program) -and (Get-Item $program).LastWriteTimeUtc -ne $before) { break }
        }
        Start-Sleep -Seconds 1
    }
    throw 'The agent has updated itself three times. It is not started again.'
}

# Scenario: unregisters
# Scenario: job-still-runs
# Scenario: service-down
# Scenario: may-not-unregister
function Unregister-Agent($settings) {
    if (-not $script:record) { return }
    $basic = [Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes(":$($settings.Token)"))
    $since = $settings.Clock.Elapsed.TotalSeconds
    while ($true) {
        $answer = Invoke-Request 'DELETE' "$($script:record)?api-version=5.1" @{ Authorization = "Basic $basic" }
        if (@(200, 204, 404) -contains $answer.Status) {
            Say 'The agent is unregistered.'
            return
        }
        if (@(203, 401, 403) -contains $answer.Status) {
            Say "The token may not unregister the agent (any more): status $($answer.Status)."
            break
        }
        if ($answer.Text -match 'TaskAgentJobStillRunning') {
            Say "The service says that the agent's job still runs."
        } else {
            Say "The agent could not be unregistered: status $($answer.Status)."
        }
        if ($settings.Clock.Elapsed.TotalSeconds - $since -ge $settings.Unregister) { break }
        Start-Sleep -Seconds $settings.Retry
    }
    Say "The agent's record $($script:record) is left behind."
}

# Scenario: national-cloud
function Get-ResourceManager([string] $cloud, [string] $given) {
    if ($given) { return $given.TrimEnd('/') }
    switch ($cloud) {
        'AzureUSGovernment' { return 'https://management.usgovcloudapi.net' }
        'AzureChinaCloud' { return 'https://management.chinacloudapi.cn' }
        default { return 'https://management.azure.com' }
    }
}

# Scenario: chosen-identity
# Windows groups may be told of an endpoint of their own; Linux ones have the metadata service's address.
function Get-IdentityRequest($settings) {
    $query = "resource=$([Uri]::EscapeDataString("$($settings.ResourceManager)/"))"
    $identity = $settings.Identity
    $own = Get-Value 'IDENTITY_ENDPOINT'
    # The two have different names for the same thing.
    $resourceId = if ($own) { 'mi_res_id' } else { 'msi_res_id' }
    if ($identity.StartsWith('/')) { $query += "&$resourceId=$([Uri]::EscapeDataString($identity))" }
    elseif ($identity -ne 'true') { $query += "&client_id=$([Uri]::EscapeDataString($identity))" }
    if ($own) {
        return @{ Uri = "${own}?api-version=2019-08-01&$query"; Headers = @{ 'X-IDENTITY-HEADER' = Get-Value 'IDENTITY_HEADER' } }
    }
    $at = Get-Value 'AZURE_POD_IDENTITY_AUTHORITY_HOST' 'http://169.254.169.254'
    return @{ Uri = "$at/metadata/identity/oauth2/token?api-version=2018-02-01&$query"; Headers = @{ Metadata = 'true' } }
}

# Scenario: deletes-own-group
# Scenario: identity-late
# Scenario: no-identity
# Scenario: no-group
# The container dies of this, maybe before the answer is here.
function Remove-OwnGroup($settings) {
    if (-not (Test-OwnGroup $settings)) { return }
    # Whoever waits for the agent reads in the log why there is none.
    if (-not $script:listenerStarted) { Start-Sleep -Seconds $settings.Linger }
    if ($settings.Identity -eq 'false') {
        Say 'Only a managed identity can delete the container group, and AZ_MANAGED_IDENTITY is false.'
        return
    }
    $path = "/subscriptions/$($settings.Subscription)/resourceGroups/$($settings.ResourceGroup)" +
        "/providers/Microsoft.ContainerInstance/containerGroups/$($settings.Group)?api-version=2023-05-01"
    foreach ($attempt in 1..20) {
        $request = Get-IdentityRequest $settings
        $answer = Invoke-Request 'GET' $request.Uri $request.Headers
        if ($answer.Status -eq 200) {
            $token = ($answer.Text | ConvertFrom-Json).access_token
            Say "Deleting the container group $($settings.Group) (attempt $attempt)."
            $answer = Invoke-Request 'DELETE' "$($settings.ResourceManager)$path" @{ Authorization = "Bearer $token" }
            if (@(200, 202, 204, 404) -contains $answer.Status) { return }
        }
        Say "The container group could not be deleted: $($answer.Text)"
        Start-Sleep -Seconds ($settings.Retry * $attempt)
    }
}

function Read-Settings {
    return @{
        # Runs on whatever becomes of the date.
        Clock           = [Diagnostics.Stopwatch]::StartNew()
        Url             = Get-Value 'AZP_URL'
        Pool            = Get-Value 'AZP_POOL' 'Default'
        Name            = Get-Value 'AZP_AGENT_NAME' $env:COMPUTERNAME
        Work            = Get-Value 'AZP_WORK' '_work'
        Token           = $null
        Group           = Get-Value 'AZ_ACI_NAME'
        ResourceGroup   = Get-Value 'AZ_ACI_RG'
        Subscription    = Get-Value 'AZ_SUBSCRIPTION_ID'
        Identity        = Get-Value 'AZ_MANAGED_IDENTITY' 'true'
        ResourceManager = Get-ResourceManager (Get-Value 'AZ_CLOUD') (Get-Value 'AZ_RESOURCE_MANAGER')
        Idle            = Get-Seconds 'IDLE_SECONDS' 3600
        Lifetime        = Get-Seconds 'LIFETIME_SECONDS' 21600
        FinishGrace     = Get-Seconds 'FINISH_GRACE_SECONDS' 60
        Unregister      = Get-Seconds 'UNREGISTER_SECONDS' 900
        Retry           = Get-Seconds 'RETRY_SECONDS' 3
        Linger          = Get-Seconds 'LINGER_SECONDS' 60
    }
}

$settings = $null
try {
    $settings = Read-Settings
    if (-not $settings.Url) { throw 'AZP_URL is not set.' }
    $settings.Token = Get-Token
    Hide-Variables $settings
    $null = New-Item -ItemType Directory -Force $diag
    $env:AGENT_DIAGLOGPATH = $diag
    $env:WORKER_DIAGLOGPATH = $diag
    Register-Agent $settings
    Invoke-Listener $settings
} catch {
    Say $_.Exception.Message
}
# Whatever ended it, it leaves neither a record of its own making nor, if it was told which, its group.
if ($settings) {
    try { Unregister-Agent $settings } catch { Say $_.Exception.Message }
    try { Remove-OwnGroup $settings } catch { Say $_.Exception.Message }
}
Say 'The container ends.'
exit 0
