namespace Microcosm.Simulation;

/// <summary>
/// A system under test with its clients and its judge. A new instance serves each seed. Everything random comes from the world's
/// seed, everything timed from its clocks.
/// </summary>
public interface IWorkload
{
    /// <summary>Name in reports and replay commands: <c>redis-aof</c>.</summary>
    string Name { get; }

    /// <summary>Which faults the system promises to stand.</summary>
    FaultProfile Faults => new();

    /// <summary>Faults begin within this time after the start.</summary>
    TimeSpan FaultsDuring => TimeSpan.FromSeconds(2);

    /// <summary>Adds nodes and clients to the world. Nodes are started after it.</summary>
    void Setup(SimulatedWorld world);

    /// <summary>Lets the clients work; faults happen meanwhile. A client must get along with errors and lost replies.</summary>
    Task RunAsync(SimulatedWorld world);

    /// <summary>
    /// Judges, after all faults ended and all nodes serve. Throws <see cref="CheckFailedException"/>. Must fail too when nothing was
    /// achieved, lest an idle run pass for a good one.
    /// </summary>
    Task CheckAsync(SimulatedWorld world);
}
