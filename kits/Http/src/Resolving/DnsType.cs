namespace Microcosm.Http;

/// <summary>Types of records (RFC 1035 3.2.2, RFC 3596, RFC 2782, RFC 6672).</summary>
internal enum DnsType : ushort
{
    A = 1,
    CName = 5,
    Aaaa = 28,
    Srv = 33,
    DName = 39,
}
