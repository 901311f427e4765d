using Google.Protobuf;
using Grpc.Core;

namespace Microcosm.Chubby.Etcd;

/// <summary>A client's side of one carried call.</summary>
internal sealed class SimulatedStream(CallFrames frames, int call, CallInbox inbox, MessageParser parser)
{
    /// <summary>How it ended: null while it runs, <see cref="StatusCode.Cancelled"/> where the connection broke.</summary>
    public Status? Outcome => inbox.Outcome;

    public void Send(IMessage message) => _ = frames.SendAsync(call, CallFrameKind.Message, message.ToByteArray());

    /// <summary>The next message; null at the end.</summary>
    public async Task<IMessage?> NextAsync(CancellationToken cancellation) =>
        await inbox.NextAsync(cancellation) is { } message ? parser.ParseFrom(message) : null;
}
