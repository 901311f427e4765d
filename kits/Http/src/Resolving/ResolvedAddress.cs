using System.Net;

namespace Microcosm.Http;

/// <summary>An address of a name.</summary>
/// <param name="Port">Of a service (SRV); 0 otherwise.</param>
/// <param name="Priority">Of a service: the lowest is asked first.</param>
/// <param name="Weight">Of a service: its share among those of one priority, at least 1.</param>
/// <param name="Name">Of a service: the server whose address it is; empty otherwise.</param>
public sealed record ResolvedAddress(IPAddress Ip, int Port = 0, int Priority = 0, int Weight = 1, string Name = "");
