#!/usr/bin/env pwsh
#requires -Version 7.2
# The one entry for people and CI on every system: ./build.ps1 [build|test|bench|clean] [-Configuration Release|Debug]
# build and test -Rid RID: the C library and its tests for that platform, warnings being errors; tests of another
# platform than this one's run through wine or qemu. A program for it: dotnet publish managed/NativeMlp.Runner -r RID.
# bench: -Peers fetches TorchSharp and ONNX Runtime (some 660 MB) to compare with; -Rounds 3 takes longer and shows spread;
# -Out FOLDER writes there and not to bench/results.
[CmdletBinding()]
param(
    [ValidateSet('build', 'test', 'bench', 'clean')] [string] $Target = 'build',
    [ValidateSet('Release', 'Debug')] [string] $Configuration = 'Release',
    [ValidateSet('linux-x64', 'linux-arm64', 'linux-musl-x64', 'win-x64', 'osx-arm64', 'osx-x64')] [string] $Rid,
    [switch] $Peers,
    [ValidateRange(0, 100)] [int] $Rounds = 0,
    [string] $Out
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

function Invoke-Preset {
    if ($Rid -like 'osx-*' -and -not $IsMacOS) {
        throw "$Rid can be built on a Mac only; that the sources compile for it is shown by: cmake -P native/cmake/check-osx.cmake"
    }
    $preset = if ($Rid -eq 'win-x64' -and $IsWindows) { 'win-x64-clangcl' } else { $Rid }
    Push-Location $PSScriptRoot
    Invoke-Tool cmake --preset $preset "-DCMAKE_BUILD_TYPE=$Configuration"
    Invoke-Tool cmake --build --preset $preset --config $Configuration --parallel ([Environment]::ProcessorCount)
    if ($Target -eq 'test') { Invoke-Tool ctest --preset $preset -C $Configuration --parallel ([Environment]::ProcessorCount) }
    Pop-Location
}

function Invoke-Bench {
    $preset = $Configuration.ToLowerInvariant()
    Push-Location $PSScriptRoot
    Invoke-Tool cmake --preset $preset
    Invoke-Tool cmake --build --preset $preset --target nmlp_bench
    # One quick round, or as many whole ones as asked for; the report runs the native programs too.
    $effort = @(if ($Rounds -eq 0) { '--quick' } else { '--rounds', "$Rounds" })
    if ($Out) { $effort += '--out', $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Out) }
    # The runner, compiled ahead of time, whose start the report times; without it where there is no linker for that.
    $aot = Join-Path $PSScriptRoot 'bench/NativeMlp.Bench/bin/aot'
    $rid = [System.Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier
    dotnet publish managed/NativeMlp.Runner -c Release -r $rid '-p:PublishAot=true' -o $aot
    if ($LASTEXITCODE -eq 0) { $env:NATIVEMLP_AOT = Join-Path $aot ($IsWindows ? 'nativemlp.exe' : 'nativemlp') }
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

if ($Rid) {
    if ($Target -notin 'build', 'test') { throw "-Rid goes with build and test, not with $Target." }
    Invoke-Preset
    exit 0
}
switch ($Target) {
    'build' { Invoke-Tool dotnet build $solution --configuration $Configuration }
    'test' { Invoke-Tool dotnet test $solution --configuration $Configuration }
    'bench' { Invoke-Bench }
    'clean' { Remove-Outputs }
}
exit 0
