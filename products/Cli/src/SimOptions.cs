using System.CommandLine;
using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Cli;

/// <summary>What <c>sim</c> and <c>replay</c> have in common.</summary>
internal static class SimOptions
{
    /// <summary>Faults in place of those drawn from the seed.</summary>
    public static readonly Option<string?> Faults = new("--faults")
    {
        Description = "Faults in place of those drawn from the seed, as a report prints them; 'none' for none.",
        HelpName = "'…'",
    };

    /// <summary>Bugs to plant.</summary>
    public static readonly Option<string?> Planted = new("--planted")
    {
        Description = "Bugs to plant, by name, with commas; needs a build with -p:PlantedBugs=true.",
        HelpName = "A,B",
    };

    /// <summary>Throws <see cref="FormatException"/>, and <see cref="ArgumentException"/> for bugs where none can be planted.</summary>
    public static SeedOptions Of(ParseResult parsed)
    {
        var planted = parsed.GetValue(Planted)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (planted.Length > 0 && !Bug.CanPlant)
        {
            throw new ArgumentException(
                "This build cannot plant bugs: dotnet build -c Release products/Cli -p:PlantedBugs=true makes one that can");
        }
        return new() { Schedule = parsed.GetValue(Faults) is { } faults ? FaultSchedule.Parse(faults) : null, Planted = planted };
    }
}
