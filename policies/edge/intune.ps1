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
