using Google.Protobuf;
using Grpc.Core;

namespace Microcosm.Chubby.Etcd;

/// <summary>What became of a call, as its client knows.</summary>
/// <param name="Response">The response, or null.</param>
/// <param name="Refusal">The server's, where it was carried out surely not; else null.</param>
/// <param name="WasSent">Without a response and a refusal: it may have been carried out, or may be yet.</param>
internal readonly record struct SimulatedAnswer<T>(T? Response, Status? Refusal, bool WasSent)
    where T : class, IMessage
{
    public bool IsUnknown => Response is null && Refusal is null && WasSent;
}
