using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Chubby.Etcd;

/// <summary>Serves calls that come as <see cref="CallFrames"/>: what stands in for gRPC in simulations. On the node's executor.</summary>
internal sealed class CallCarrier
{
    private readonly ConnectionContext _connection;
    private readonly EtcdMember _member;
    private readonly CallFrames _frames;
    private readonly long _ordinal;
    private readonly SortedDictionary<int, CallInbox> _calls = [];
    private readonly CancellationTokenSource _closed = new();

    private CallCarrier(ConnectionContext connection, EtcdMember member) =>
        (_connection, _member, _frames, _ordinal) =
            (connection, member, new CallFrames(connection.Transport), member.Context.Executor.NextConnectionId());

    /// <summary>Serves a connection of a member until it ends.</summary>
    public static async Task ServeAsync(ConnectionContext connection, EtcdMember member)
    {
        var carrier = new CallCarrier(connection, member);
        await carrier._frames.ReadAsync(carrier.Take);
        carrier._closed.Cancel();
    }

    private void Take(int call, CallFrameKind kind, byte[] payload)
    {
        switch (kind)
        {
            case CallFrameKind.Begin:
                var inbox = new CallInbox();
                _calls.Add(call, inbox);
                RunAsync(call, Encoding.ASCII.GetString(payload), inbox);
                break;
            case CallFrameKind.Message when _calls.TryGetValue(call, out var running):
                running.Put(payload);
                break;
            case CallFrameKind.End when _calls.TryGetValue(call, out var running):
                running.Close(Status.DefaultSuccess);
                break;
            default:
                // Of a call that the server has ended.
                break;
        }
    }

    // async void: what no operation foresees ends the node.
    private async void RunAsync(int number, string name, CallInbox inbox)
    {
        var status = Status.DefaultSuccess;
        try
        {
            var method = EtcdMethods.All.First(m => m.Name == name);
            var requests = new Requests(inbox, method.InputType.Parser);
            if (!method.IsClientStreaming && !await requests.MoveNext(_closed.Token))
                return;
            var call = new EtcdCall(_member)
            {
                ConnectionId = _ordinal,
                Request = method.IsClientStreaming ? null : requests.Current,
                Requests = requests,
                Responses = new Responses(_frames, number),
                Cancellation = _closed.Token,
                Peer = "fabric",
                CutOff = _connection.Abort,
            };
            if (await CallRunner.RunHereAsync(EtcdOperations.Find(name)!, call) is { } response)
                await call.Responses!.WriteAsync(response);
        }
        catch (RpcException e)
        {
            status = e.Status;
        }
        catch (OperationCanceledException)
        {
            return;
        }
        _calls.Remove(number);
        var outcome = new byte[4 + Encoding.UTF8.GetByteCount(status.Detail)];
        BinaryPrimitives.WriteInt32BigEndian(outcome, (int)status.StatusCode);
        Encoding.UTF8.GetBytes(status.Detail, outcome.AsSpan(4));
        await _frames.SendAsync(number, CallFrameKind.End, outcome);
    }

    private sealed class Requests(CallInbox inbox, MessageParser parser) : IAsyncStreamReader<IMessage>
    {
        public IMessage Current { get; private set; } = null!;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (await inbox.NextAsync(cancellationToken) is not { } message)
                return false;
            Current = parser.ParseFrom(message);
            return true;
        }
    }

    private sealed class Responses(CallFrames frames, int call) : IServerStreamWriter<IMessage>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(IMessage message) => frames.SendAsync(call, CallFrameKind.Message, message.ToByteArray());

        public Task WriteAsync(IMessage message, CancellationToken cancellationToken) => WriteAsync(message).WaitAsync(cancellationToken);
    }
}
