using System.Net;

namespace Microcosm.Http;

/// <summary>A record of an answer, of the types that are looked for.</summary>
/// <param name="Address">Of A and AAAA.</param>
/// <param name="Name">The other name of a CNAME, the server of an SRV.</param>
internal sealed record DnsRecord(
    DnsType Type, uint TtlSeconds, IPAddress? Address = null, string Name = "", int Priority = 0, int Weight = 0, int Port = 0);
