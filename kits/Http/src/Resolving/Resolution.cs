namespace Microcosm.Http;

/// <summary>The end of a look-up.</summary>
/// <param name="Addresses">Not empty where the status is <see cref="ResolveStatus.Ok"/>.</param>
/// <param name="ValidSeconds">So long it may be used, from now; of a failure, until it is worth asking again.</param>
/// <param name="Failed">Servers of a service whose addresses could not be had.</param>
public sealed record Resolution(
    ResolveStatus Status, IReadOnlyList<ResolvedAddress> Addresses, long ValidSeconds,
    IReadOnlyList<(string Name, ResolveStatus Status)>? Failed = null);
