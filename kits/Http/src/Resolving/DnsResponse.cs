namespace Microcosm.Http;

/// <summary>An answer of a name server.</summary>
/// <param name="Code">0 where it is none of an error.</param>
/// <param name="IsTruncated">There is more than a datagram holds: it is to be asked over a connection.</param>
/// <param name="Name">What was asked for, in small letters.</param>
internal sealed record DnsResponse(
    ushort Id, ResolveStatus Code, bool IsTruncated, string Name, DnsType Type, IReadOnlyList<DnsRecord> Answers);
