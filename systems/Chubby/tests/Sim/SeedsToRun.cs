using System.Globalization;
using Microcosm.Simulation;

namespace Microcosm.Chubby.Tests.Sim;

/// <summary>How many seeds: few unless the environment asks for more (<c>MICROCOSM_SEEDS</c>, <c>MICROCOSM_FIRST_SEED</c>).</summary>
internal static class SeedsToRun
{
    public static readonly Func<IWorkload> Workload = () => new RegisterWorkload();

    /// <summary>Any of the system's.</summary>
    public static Func<IWorkload> Named(string name) => ChubbySystem.Workloads.Single(w => w.Name == name).Create;

    public static SeedOptions Options(int count) => new()
    {
        First = Number("MICROCOSM_FIRST_SEED", 1),
        Count = (int)Number("MICROCOSM_SEEDS", (ulong)count),
        Threads = Environment.ProcessorCount,
        ReplayCommand =
            "MICROCOSM_REPLAY=\"{0}\" dotnet run -c Release --project systems/Chubby/tests/Sim -- -class '*.Replay' -showLiveOutput",
    };

    private static ulong Number(string variable, ulong otherwise) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
