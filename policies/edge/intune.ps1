# Installs Signoff for Amazon Connect in Microsoft Edge and sets its settings. Runs as the system, in 64 bits.
# Beside an ExtensionSettings of yours: where it is ONE TEXT (as Group Policy and Intune write it), the key below hides
# all of it. Leave the key out then, and add the line of extension-settings.json to your text. Where yours are KEYS like
# the one below, this one is added, and the others stay.
$ErrorActionPreference = 'Stop'
if (Get-ItemProperty -Path 'HKLM:\Software\Policies\Microsoft\Edge' -Name 'ExtensionSettings' -ErrorAction SilentlyContinue) {
  throw 'There is an ExtensionSettings already: add the line of extension-settings.json to it.'
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
