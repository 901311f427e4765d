using System.Net;

namespace Microcosm.Runtime;

/// <summary>A socket that the kernel has accepted and nobody opens yet.</summary>
internal sealed record HeldConnection(int Descriptor, EndPoint Remote, long ConnectionId, ConnectionVerdict Verdict);
