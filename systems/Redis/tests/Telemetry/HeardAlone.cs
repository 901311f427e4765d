namespace Microcosm.Redis.Tests.Telemetry;

/// <summary>Listeners hear all worlds of the process, so these tests run while no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class HeardAlone
{
    public const string Name = "telemetry";
}
