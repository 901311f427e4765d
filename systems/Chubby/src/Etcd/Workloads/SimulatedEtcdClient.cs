using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Microcosm.Runtime;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Chubby.Etcd;

/// <summary>A client for simulations, at a member that it picks anew whenever a connection failed or a call took too long.</summary>
internal sealed class SimulatedEtcdClient(NodeContext context, IReadOnlyList<NodeEndPoint> members, string purpose) : IAsyncDisposable
{
    private readonly RandomStream _random = context.Seed.Stream("members/" + purpose);
    private Link? _link;

    /// <summary>Asks once.</summary>
    public async Task<SimulatedAnswer<T>> AskAsync<T>(string method, IMessage request, int timeoutMs)
        where T : class, IMessage
    {
        var isSent = false;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(timeoutMs), context.Clock);
        try
        {
            var stream = await OpenAsync(method, deadline.Token);
            isSent = true;
            stream.Send(request);
            if (await stream.NextAsync(deadline.Token) is T response)
                return new(response, null, true);
            // What is only unavailable may have been agreed on.
            if (stream.Outcome is { StatusCode: not (StatusCode.Unavailable or StatusCode.Cancelled) } refusal)
                return new(null, refusal, true);
            await DisposeAsync();
        }
        catch (Exception e) when (CallFrames.IsConnectionError(e))
        {
            await DisposeAsync();
        }
        return new(null, null, isSent);
    }

    /// <summary>Begins a call. Throws as a connection does.</summary>
    public async Task<SimulatedStream> OpenAsync(string method, CancellationToken cancellation)
    {
        if (_link is null || _link.IsBroken)
        {
            await DisposeAsync();
            _link = new Link(await context.Network.ConnectAsync(_random.Pick(members), cancellation));
        }
        return _link.Begin(method);
    }

    public async ValueTask DisposeAsync()
    {
        if (_link is not { } link)
            return;
        _link = null;
        await link.Connection.DisposeAsync();
    }

    private sealed class Link
    {
        private readonly CallFrames _frames;
        private readonly SortedDictionary<int, CallInbox> _calls = [];
        private int _last;

        public Link(ConnectionContext connection)
        {
            (Connection, _frames) = (connection, new CallFrames(connection.Transport));
            _ = ReadAsync();
        }

        public ConnectionContext Connection { get; }

        public bool IsBroken { get; private set; }

        public SimulatedStream Begin(string name)
        {
            var inbox = new CallInbox();
            _calls.Add(++_last, inbox);
            _ = _frames.SendAsync(_last, CallFrameKind.Begin, Encoding.ASCII.GetBytes(name));
            return new SimulatedStream(_frames, _last, inbox, EtcdMethods.All.First(m => m.Name == name).OutputType.Parser);
        }

        private async Task ReadAsync()
        {
            await _frames.ReadAsync(Take);
            IsBroken = true;
            foreach (var inbox in _calls.Values.ToList())
                inbox.Close(Status.DefaultCancelled);
        }

        private void Take(int call, CallFrameKind kind, byte[] payload)
        {
            var inbox = _calls[call];
            if (kind == CallFrameKind.Message)
            {
                inbox.Put(payload);
                return;
            }
            _calls.Remove(call);
            var code = (StatusCode)BinaryPrimitives.ReadInt32BigEndian(payload);
            inbox.Close(new Status(code, Encoding.UTF8.GetString(payload.AsSpan(4))));
        }
    }
}
