namespace Microcosm.Simulation;

/// <summary>
/// A workload that can be run by its name (<c>cosm sim redis-counters</c>). A system lists its own beside its nodes:
/// <c>RedisSystem.Workloads</c>.
/// </summary>
/// <param name="Name">The same as <see cref="IWorkload.Name"/>: system, dash, what is tried.</param>
/// <param name="Summary">What happens and what must hold, in a line.</param>
/// <param name="Create">Makes a new instance; one serves each seed.</param>
public sealed record WorkloadDefinition(string Name, string Summary, Func<IWorkload> Create);
