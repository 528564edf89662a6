# Installs Signoff for Amazon Connect in Microsoft Edge and sets its settings. Runs as the system, in 64 bits.
# If this machine already has an ExtensionSettings as ONE TEXT (as Group Policy and Intune write it), the key below hides
# all of it: leave the key out, and add the line of extension-settings.json to your text. If it has one as KEYS like the
# one below, this key is added, and the others stay.
$ErrorActionPreference = 'Stop'
if (Get-ItemProperty -Path 'HKLM:\Software\Policies\Microsoft\Edge' -Name 'ExtensionSettings' -ErrorAction SilentlyContinue) {
  throw 'There is already an ExtensionSettings: add the line of extension-settings.json to it.'
}

$key = 'HKLM:\Software\Policies\Microsoft\Edge\ExtensionSettings\__CHROMIUM_ID__'
New-Item -Path $key -Force | Out-Null
New-ItemProperty -Path $key -Name 'installation_mode' -PropertyType String -Value 'force_installed' -Force | Out-Null
New-ItemProperty -Path $key -Name 'update_url' -PropertyType String -Value '__UPDATE_URL__' -Force | Out-Null
New-ItemProperty -Path $key -Name 'override_update_url' -PropertyType DWord -Value 1 -Force | Out-Null
New-ItemProperty -Path $key -Name 'toolbar_state' -PropertyType String -Value 'force_shown' -Force | Out-Null

$key = 'HKLM:\Software\Policies\Microsoft\Edge\3rdparty\extensions\__CHROMIUM_ID__\policy'
New-Item -Path $key -Force | Out-Null
New-ItemProperty -Path $key -Name 'mode' -PropertyType String -Value 'observe' -Force | Out-Null
New-ItemProperty -Path $key -Name 'notify' -PropertyType DWord -Value 1 -Force | Out-Null
New-ItemProperty -Path $key -Name 'retentionDays' -PropertyType DWord -Value 90 -Force | Out-Null
New-ItemProperty -Path $key -Name 'retentionEntries' -PropertyType DWord -Value 20000 -Force | Out-Null
New-ItemProperty -Path $key -Name 'directPath' -PropertyType String -Value 'everywhere' -Force | Out-Null
New-ItemProperty -Path $key -Name 'renewToken' -PropertyType DWord -Value 0 -Force | Out-Null
New-ItemProperty -Path $key -Name 'holdMs' -PropertyType DWord -Value 1000 -Force | Out-Null
New-ItemProperty -Path $key -Name 'deadMansSwitch' -PropertyType DWord -Value 1 -Force | Out-Null
New-ItemProperty -Path $key -Name 'leaveDialog' -PropertyType String -Value 'never' -Force | Out-Null
New-ItemProperty -Path $key -Name 'recovery' -PropertyType String -Value 'ask' -Force | Out-Null
New-ItemProperty -Path $key -Name 'reload' -PropertyType String -Value 'recognised' -Force | Out-Null
New-ItemProperty -Path $key -Name 'graceSeconds' -PropertyType DWord -Value 20 -Force | Out-Null
New-ItemProperty -Path $key -Name 'onContact' -PropertyType String -Value 'after' -Force | Out-Null
New-ItemProperty -Path $key -Name 'acwLimitMinutes' -PropertyType DWord -Value 10 -Force | Out-Null
New-ItemProperty -Path $key -Name 'deskPhone' -PropertyType String -Value 'act' -Force | Out-Null
New-ItemProperty -Path $key -Name 'fromStates' -PropertyType String -Value '[]' -Force | Out-Null
New-ItemProperty -Path $key -Name 'routingProfiles' -PropertyType String -Value '[]' -Force | Out-Null
New-ItemProperty -Path $key -Name 'instances' -PropertyType String -Value '[]' -Force | Out-Null
New-ItemProperty -Path $key -Name 'surfaces' -PropertyType String -Value '[]' -Force | Out-Null
New-ItemProperty -Path $key -Name 'targetState' -PropertyType String -Value '' -Force | Out-Null
New-ItemProperty -Path $key -Name 'logOut' -PropertyType DWord -Value 0 -Force | Out-Null
New-ItemProperty -Path $key -Name 'onLock' -PropertyType String -Value 'nothing' -Force | Out-Null
New-ItemProperty -Path $key -Name 'onIdle' -PropertyType String -Value 'nothing' -Force | Out-Null
New-ItemProperty -Path $key -Name 'idleMinutes' -PropertyType DWord -Value 15 -Force | Out-Null
New-ItemProperty -Path $key -Name 'onSleep' -PropertyType String -Value 'nothing' -Force | Out-Null
New-ItemProperty -Path $key -Name 'popupOffline' -PropertyType String -Value 'show' -Force | Out-Null
New-ItemProperty -Path $key -Name 'otlpEndpoint' -PropertyType String -Value '' -Force | Out-Null
New-ItemProperty -Path $key -Name 'otlpProtocol' -PropertyType String -Value 'protobuf' -Force | Out-Null
New-ItemProperty -Path $key -Name 'otlpHeaders' -PropertyType String -Value '[]' -Force | Out-Null
New-ItemProperty -Path $key -Name 'otlpResource' -PropertyType String -Value '[]' -Force | Out-Null
New-ItemProperty -Path $key -Name 'agentIdentity' -PropertyType String -Value 'nothing' -Force | Out-Null
New-ItemProperty -Path $key -Name 'agentHashKey' -PropertyType String -Value '' -Force | Out-Null
New-ItemProperty -Path $key -Name 'coverageMinutes' -PropertyType DWord -Value 15 -Force | Out-Null
New-ItemProperty -Path $key -Name 'watchdogEndpoint' -PropertyType String -Value '' -Force | Out-Null
New-ItemProperty -Path $key -Name 'watchdogSecret' -PropertyType String -Value '' -Force | Out-Null
New-ItemProperty -Path $key -Name 'heartbeatSeconds' -PropertyType DWord -Value 30 -Force | Out-Null
New-ItemProperty -Path $key -Name 'fieldCheckAgents' -PropertyType String -Value '[]' -Force | Out-Null
New-ItemProperty -Path $key -Name 'userSettings' -PropertyType String -Value 'lock' -Force | Out-Null
