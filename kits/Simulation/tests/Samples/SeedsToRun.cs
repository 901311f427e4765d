using System.Globalization;

namespace Microcosm.Simulation.Tests.Samples;

/// <summary>Seeds of the samples' tests, few unless the environment asks for more.</summary>
internal static class SeedsToRun
{
    public static SeedOptions Options(int count) => new()
    {
        First = Number("MICROCOSM_FIRST_SEED", 1),
        Count = (int)Number("MICROCOSM_SEEDS", (ulong)count),
        ReplayCommand =
            "MICROCOSM_REPLAY=\"{0}\" dotnet run -c Release --project kits/Simulation/tests -- -class '*.Replay' -showLiveOutput",
    };

    private static ulong Number(string variable, ulong otherwise) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
