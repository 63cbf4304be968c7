#requires -Version 7.2
# The one entry for people and CI on every system: ./build.ps1 [build|test|bench|clean] [-Configuration Release|Debug]
# bench: -Peers fetches TorchSharp and ONNX Runtime (some 660 MB) to compare with; -Rounds 3 takes longer and shows spread.
[CmdletBinding()]
param(
    [ValidateSet('build', 'test', 'bench', 'clean')] [string] $Target = 'build',
    [ValidateSet('Release', 'Debug')] [string] $Configuration = 'Release',
    [switch] $Peers,
    [ValidateRange(0, 100)] [int] $Rounds = 0
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$solution = Join-Path $PSScriptRoot 'NativeMlp.sln'

function Invoke-Tool {
    param([Parameter(Mandatory)] [string] $Tool, [Parameter(ValueFromRemainingArguments)] [string[]] $Rest)
    Write-Host "> $Tool $($Rest -join ' ')"
    & $Tool @Rest
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

function Invoke-Bench {
    $preset = $Configuration.ToLowerInvariant()
    Push-Location $PSScriptRoot
    Invoke-Tool cmake --preset $preset
    Invoke-Tool cmake --build --preset $preset --target nmlp_bench
    # One quick round, or as many whole ones as asked for; the report runs the native programs too.
    $effort = if ($Rounds -eq 0) { @('--quick') } else { @('--rounds', "$Rounds") }
    $with = $Peers.ToString().ToLowerInvariant()
    Invoke-Tool dotnet run -c Release --project bench/NativeMlp.Bench "-p:TorchPeer=$with" "-p:OnnxPeer=$with" -- report @effort
    Pop-Location
}

function Remove-Outputs {
    $folders = @('native/build', 'native/bin')
    foreach ($parent in 'managed', 'tests', 'bench') {
        foreach ($project in Get-ChildItem (Join-Path $PSScriptRoot $parent) -Directory) {
            $folders += "$parent/$($project.Name)/bin", "$parent/$($project.Name)/obj"
        }
    }
    foreach ($folder in $folders) {
        $path = Join-Path $PSScriptRoot $folder
        if (Test-Path $path) { Remove-Item $path -Recurse -Force }
    }
}

switch ($Target) {
    'build' { Invoke-Tool dotnet build $solution --configuration $Configuration }
    'test' { Invoke-Tool dotnet test $solution --configuration $Configuration }
    'bench' { Invoke-Bench }
    'clean' { Remove-Outputs }
}
exit 0
