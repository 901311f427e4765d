namespace Microcosm.Nginx;

/// <summary>Which PROXY protocol header is sent to the upstream.</summary>
internal enum ProxyProtocolVersion
{
    Off,
    V1,
    V2,
}
