using System.Runtime.InteropServices;
using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>
/// Passes a client's datagrams to an upstream and back (ngx_stream_proxy_module). Invariants: a datagram passes whole or is lost; until
/// there is a server, at most proxy_buffer_size bytes wait behind the first one; the session ends when each request has had its answers, or
/// nothing passes for proxy_timeout. On the worker's executor.
/// </summary>
internal sealed class DatagramProxy : IDatagramHandler
{
    private readonly StreamSession _session;
    private readonly IDatagramPeer _client;
    private readonly HttpWorker _worker;
    private readonly StreamUpstream _upstream;
    private readonly Timeout _timeout;
    private readonly Queue<byte[]> _waiting = new();
    private IDatagrams? _server;
    private StreamRate? _upload;
    private StreamRate? _download;
    private long _waitingBytes;
    private long _requests = 1;
    private long _responses;
    private bool _hasFailed;

    public DatagramProxy(StreamSession session, IDatagramPeer client, ProxyTarget target, byte[] first)
    {
        (_session, _client, _worker) = (session, client, session.Worker.Http);
        (_upstream, _timeout) = (new StreamUpstream(session, target, Connect), new Timeout(this));
        _waiting.Enqueue(first);
    }

    private Level Level => _session.Level;

    private bool HasAllAnswers => _responses >= Level.Get(StreamProxyModule.Responses) * _requests;

    // Without proxy_responses nobody knows when a client has had them all.
    private bool IsEndless => Level.Get(StreamProxyModule.Responses) == int.MaxValue;

    public void Begin()
    {
        _upstream.Begin();
        FinishIfDone();
    }

    /// <summary>The client sent another message.</summary>
    public void FromClient(ReadOnlySpan<byte> message)
    {
        if (_server is null)
        {
            // An empty one takes room too.
            var room = Math.Max(message.Length, 1);
            if (_waitingBytes + room > Level.Get(StreamProxyModule.BufferSize))
                return;
            _waitingBytes += room;
            _waiting.Enqueue(message.ToArray());
        }
        else if (!_upload!.TryTake(message.Length))
        {
            Active();
            return;
        }
        _requests++;
        _session.BytesReceived += message.Length;
        if (_server is null || TrySend(message))
            FinishIfDone();
    }

    /// <summary>The server sent something.</summary>
    public void Received(ReadOnlySpan<byte> message)
    {
        _responses++;
        _upstream.Answered(message.Length);
        if (_client.Send(message) is not 0 and var errno)
        {
            _session.Log(LogLevel.Info, $"sendmsg() failed ({TextOf(errno)}) while proxying and sending to client");
            _session.Finish(200);
            return;
        }
        _session.BytesSent += message.Length;
        if (!_download!.TryTake(message.Length) || !_download.HasLeft())
            _server!.PauseInput();
        Active();
        FinishIfDone();
    }

    /// <summary>nginx counts this as an answer, and as a failure of the server once the session ends.</summary>
    public void Undelivered(int errno)
    {
        _session.Log(LogLevel.Error, $"recv() failed ({TextOf(errno)}) while proxying and reading from upstream");
        _hasFailed = true;
        _responses++;
        _upstream.Answered(0);
        Active();
        FinishIfDone();
    }

    /// <summary>nginx ends, or does not listen there any more: a session that waits for answers has them yet.</summary>
    public void Drain()
    {
        if (!IsEndless && !HasAllAnswers)
            return;
        _session.Log(LogLevel.Info, "disconnected on shutdown");
        _session.Finish(200);
    }

    /// <summary>The session is over.</summary>
    public void End()
    {
        _worker.Deadlines.Remove(_timeout);
        _upload?.Remove();
        _download?.Remove();
        _upstream.End(_hasFailed);
        _server?.Close();
    }

    /// <summary>An error as logs show it.</summary>
    public static string TextOf(int errno) => $"{errno}: {Marshal.GetPInvokeErrorMessage(errno)}";

    private void Connect(Peer peer)
    {
        var server = _worker.OpenDatagrams(peer.Address, StreamProxySettings.OptionsOf(_session), this, out var errno);
        if (server is null)
        {
            _session.Log(LogLevel.Error, $"connect() failed ({TextOf(errno)}) while connecting to upstream");
            _upstream.TryNext();
            return;
        }
        _server = server;
        _session.Log(LogLevel.Info,
            $"udp proxy {Address.TextOf(server.Local)} connected to {_upstream.Attempt!.Peer}");
        _upstream.Opened();
        _upload = StreamProxySettings.RateOf(_session, StreamProxyModule.UploadRate, Active);
        _download = StreamProxySettings.RateOf(_session, StreamProxyModule.DownloadRate, ResumeServer);
        Active();
        SendWaiting();
    }

    // The first message carries the PROXY protocol's head.
    private void SendWaiting()
    {
        var first = _waiting.Dequeue();
        _upload!.Count((int)_session.BytesReceived);
        if (!TrySend(StreamProxySettings.ProxyProtocolOf(_session) is { Length: > 0 } header ? [.. header, .. first] : first))
            return;
        while (_waiting.TryDequeue(out var message) && TrySend(message))
        {
        }
        _waitingBytes = 0;
    }

    private bool TrySend(ReadOnlySpan<byte> message)
    {
        if (_server!.Send(message) is not 0 and var errno)
        {
            _session.Log(LogLevel.Error, $"sendmsg() failed ({TextOf(errno)}) while proxying and sending to upstream");
            _hasFailed = true;
            _session.Finish(200);
            return false;
        }
        _upstream.Attempt!.BytesSent += message.Length;
        Active();
        return true;
    }

    private void FinishIfDone()
    {
        var requests = Level.Get(StreamProxyModule.Requests);
        if (_session.IsOver || _requests < requests)
            return;
        // What the client sends next is another session's.
        if (requests > 0)
            _client.Leave();
        if (!IsEndless && HasAllAnswers && _server is not null)
            Over("udp done");
    }

    private void ResumeServer()
    {
        _server!.ResumeInput();
        Active();
    }

    // Whoever waits by a limit has no time-out.
    private void Active()
    {
        if (_session.IsOver)
            return;
        if (_upload!.IsHeld || _download!.IsHeld)
            _worker.Deadlines.Remove(_timeout);
        else
            _worker.Deadlines.Set(_timeout, Level.Get(StreamProxyModule.Timeout));
    }

    private void TimedOut()
    {
        if (IsEndless || HasAllAnswers)
        {
            Over("udp timed out");
            return;
        }
        _session.Log(LogLevel.Error, "upstream timed out (110: Connection timed out) while proxying connection");
        _hasFailed = true;
        _session.Finish(502);
    }

    private void Over(string what)
    {
        var (session, attempt) = (_session, _upstream.Attempt!);
        session.Log(LogLevel.Info, $"{what}, packets from/to client:{_requests}/{_responses}, "
            + $"bytes from/to client:{session.BytesReceived}/{session.BytesSent}, "
            + $"bytes from/to upstream:{attempt.BytesReceived}/{attempt.BytesSent}");
        session.Finish(200);
    }

    private sealed class Timeout(DatagramProxy proxy) : Deadline
    {
        protected override void Expired() => proxy.TimedOut();
    }
}
