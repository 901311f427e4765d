using Microcosm.Runtime;

namespace Microcosm.Simulation;

/// <summary>What the door of a system says of it to those who list all systems, as <c>cosm</c> does.</summary>
public interface ICatalogedSystem
{
    /// <summary>Its name in commands: <c>redis</c>.</summary>
    static abstract string UsualName { get; }

    /// <summary>What it is tried with in simulation, for <c>cosm sim</c>.</summary>
    static abstract IReadOnlyList<WorkloadDefinition> Workloads { get; }

    /// <summary>
    /// Of a system that is another interface to a system, that one's name: whoever starts that one starts this too, and its
    /// <c>replicas</c> are this one's. Null for others.
    /// </summary>
    static virtual string? FaceOf => null;

    /// <summary>Makes one with default options.</summary>
    static abstract SystemDefinition Create();

    /// <summary>Makes the proxy of one that runs outside of the world, at <c>host:port</c> (several are separated by commas). Null where
    /// there is no such proxy.</summary>
    static virtual Func<string, SystemDefinition>? External => null;
}
