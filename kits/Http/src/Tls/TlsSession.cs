using System.Net.Sockets;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// TLS over a connection: a session that carries another one inside, which sees a transport like any other. Invariants: input is decrypted
/// only while the session inside takes it, a record at a time, and what does not fit stays with the bare transport; the handler is told
/// once what became of the handshake; there is an <see cref="Inner"/> in the phases Open and Plain, and after them.
/// </summary>
public sealed class TlsSession : Session
{
    // OpenSSL answers some messages by itself (updates of keys, renegotiation). A peer that sends these and does not read waits.
    private const long AnswerBytesMax = 256 * 1024;

    private readonly HttpWorker _worker;
    private readonly SessionTransport _outer;
    private readonly TlsContext _context;
    private readonly TlsTarget? _target;
    private readonly ITlsHandler _handler;
    private readonly Timeout _timeout;
    private TlsEngine? _engine;
    private TlsTransport? _transport;
    private TlsInput? _input;
    private Phase _phase;
    private TlsException? _failure;
    private bool _isTold;
    private bool _isInputPaused;
    private bool _isHeldBack;
    private bool _hasInputEnded;

    private TlsSession(HttpWorker worker, SessionTransport transport, TlsContext context, TlsTarget? target, ITlsHandler handler)
    {
        (_worker, _outer, _context, _target, _handler) = (worker, transport, context, target, handler);
        _timeout = new Timeout(this);
        transport.KeepsInputOfEnd = true;
        worker.Deadlines.Set(_timeout, context.HandshakeTimeoutMs);
    }

    private enum Phase : byte
    {
        /// <summary>Nothing has come from the client.</summary>
        Greeting,

        /// <summary>The handshake is under way.</summary>
        Handshake,

        /// <summary>The session inside runs.</summary>
        Open,

        /// <summary>The session inside runs over the bare transport.</summary>
        Plain,

        /// <summary>What was written leaves; nothing is taken.</summary>
        Failed,

        /// <summary>The connection is gone.</summary>
        Closed,
    }

    /// <summary>What the connection agreed on.</summary>
    public TlsInfo Info { get; } = new();

    /// <summary>The context in force: of a server, the one that was chosen.</summary>
    public TlsContext Context => _engine?.Context ?? _context;

    /// <summary>Protocols of the application that this connection may speak, to be set while the server is chosen; null for those of the
    /// context.</summary>
    public TlsProtocolNames? Protocols
    {
        get => _engine?.Protocols;
        set => _engine!.Protocols = value;
    }

    /// <summary>The peer's input ended without close_notify: somebody else may have cut it (RFC 8446 section 6.1).</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>The session inside.</summary>
    internal Session? Inner { get; private set; }

    /// <summary>True while the session inside is open.</summary>
    internal bool IsOpen => _phase == Phase.Open;

    /// <summary>True while the session inside takes input.</summary>
    internal bool TakesInput => _phase == Phase.Open && !_isInputPaused && !_hasInputEnded && !_transport!.IsClosed;

    /// <inheritdoc/>
    public override Memory<byte> Room => _phase == Phase.Plain ? Inner!.Room : default;

    /// <summary>The server's side.</summary>
    public static TlsSession Accept(HttpWorker worker, SessionTransport transport, TlsServerContext context, ITlsHandler handler) =>
        new(worker, transport, context, null, handler);

    /// <summary>The client's side; speaks first.</summary>
    public static TlsSession Connect(
        HttpWorker worker, SessionTransport transport, TlsClientContext context, TlsTarget target, ITlsHandler handler)
    {
        var session = new TlsSession(worker, transport, context, target, handler);
        session.BeginHandshake();
        var status = session._engine!.Handshake();
        transport.ReleaseAll();
        if (status == TlsStatus.Failed)
            worker.Executor.Post(static s => ((TlsSession)s!).Fail(((TlsSession)s)._engine!.Failure!), session);
        return session;
    }

    /// <inheritdoc/>
    public override int Receive(ReadOnlySpan<byte> input)
    {
        if (_phase == Phase.Greeting && !input.IsEmpty)
            Greet(input[0]);
        if (_phase == Phase.Plain)
            return TlsInput.ShowTo(Inner!, input);
        if (_phase is Phase.Closed or Phase.Failed || input.IsEmpty)
            return input.Length;
        var engine = _engine!;
        var unread = 0;
        _transport!.Hold();
        try
        {
            unread = Process(engine, input);
        }
        finally
        {
            engine.HideInput();
            if (_phase != Phase.Closed)
                _transport.Flow();
        }
        return _phase is Phase.Handshake or Phase.Open && !_transport.IsClosed ? input.Length - unread : input.Length;
    }

    /// <inheritdoc/>
    public override void Filled(int count) => Inner!.Filled(count);

    /// <inheritdoc/>
    public override void InputEnded(SessionTransport transport)
    {
        switch (_phase)
        {
            case Phase.Plain:
                Inner!.InputEnded(_outer);
                break;
            case Phase.Greeting or Phase.Handshake:
                Fail(new TlsException(TlsFailure.PeerClosed, "peer closed connection in SSL handshake"));
                break;
            case Phase.Open when !_hasInputEnded:
                IsTruncated = true;
                if (Context.IgnoresUnexpectedEof)
                    EndInput();
                else
                    Fail(new TlsException(TlsFailure.Peer,
                        "SSL_read() failed (SSL: error:0A000126:SSL routines::unexpected eof while reading)"));
                break;
        }
    }

    /// <inheritdoc/>
    public override void PeerLeft()
    {
        if (_phase == Phase.Plain || (_phase == Phase.Open && _transport!.KeepsInputOfEnd))
            Inner!.PeerLeft();
        else if (_phase == Phase.Open && !_hasInputEnded)
            InputEnded(_outer);
    }

    /// <inheritdoc/>
    public override void Drained()
    {
        if (_phase == Phase.Plain)
        {
            Inner!.Drained();
            return;
        }
        if (_isHeldBack)
        {
            _isHeldBack = false;
            ShowLeftover();
        }
        if (_phase != Phase.Failed)
            _transport?.Pump();
    }

    /// <inheritdoc/>
    public override void Closed(Exception? error)
    {
        if (_phase == Phase.Closed)
            return;
        _phase = Phase.Closed;
        _worker.Deadlines.Remove(_timeout);
        _transport?.End();
        try
        {
            if (Inner is { } inner)
                inner.Closed(_failure ?? error);
            else
                TellFailed(_failure ?? ClosedInHandshake(error));
        }
        finally
        {
            _engine?.Dispose();
        }
    }

    /// <summary>Shows a certificate to the client, one of each kind of key; while certificates are asked for. Throws <see
    /// cref="TlsException"/> in nginx' words.</summary>
    public void Use(TlsCertificate certificate) => ContextSettings.UseOn(_engine!.Pointer, certificate);

    /// <summary>The session is not to be taken up again.</summary>
    public void ForgetSession() => _engine?.ForgetSession();

    /// <summary>The session inside takes nothing for now.</summary>
    internal void PauseInput()
    {
        _isInputPaused = true;
        _outer.PauseInput();
    }

    /// <summary>The session inside takes input again.</summary>
    internal void ResumeInput()
    {
        if (!_isInputPaused)
            return;
        _isInputPaused = false;
        ShowLeftover();
    }

    /// <summary>Goes on in the next turn.</summary>
    internal void ShowLeftover() => _worker.Executor.Post(static s => ((TlsSession)s!).GoOn(), this);

    private unsafe int Process(TlsEngine engine, ReadOnlySpan<byte> input)
    {
        fixed (byte* bytes = input)
        {
            engine.ShowInput(bytes, input.Length);
            if (_phase == Phase.Handshake)
                GoOnWithHandshake(engine);
            _input!.Decrypt();
            var unread = engine.Unread;
            engine.HideInput();
            if (_outer.PendingBytes > AnswerBytesMax && !_isHeldBack && _phase is Phase.Handshake or Phase.Open)
            {
                _isHeldBack = true;
                _outer.PauseInput();
            }
            return unread;
        }
    }

    // As nginx tells them apart: a record of SSLv3 and later, or a greeting of SSLv2.
    private void Greet(byte first)
    {
        if (first == 0x16 || (first & 0x80) != 0)
        {
            BeginHandshake();
            return;
        }
        _worker.Deadlines.Clear(_timeout);
        _isTold = true;
        _outer.KeepsInputOfEnd = false;
        Inner = _handler.Plain(this, _outer);
        if (_phase != Phase.Greeting)
            return;
        _phase = Inner is null ? Phase.Failed : Phase.Plain;
        if (Inner is null)
            _outer.Close();
    }

    private void BeginHandshake()
    {
        _phase = Phase.Handshake;
        _engine = new TlsEngine(_context, _outer.Output)
        {
            Choosing = Choose, Certifying = Certify, SessionKey = _target?.SessionKey,
        };
        Info.Engine = _engine;
        _transport = new TlsTransport(this, _outer, _worker.Executor, _engine);
        _input = new TlsInput(this, _outer, _engine);
        if (_context.Verifies)
            _engine.SetVerifyTime(_worker.Clock.GetUtcNow());
        if (_context is not TlsClientContext client)
            return;
        if (_target?.Certificate is { } certificate)
            Use(certificate);
        if (_target?.Protocols is { } protocols)
            _engine.Offer(protocols);
        if (_target?.ServerName is { Length: > 0 } name)
            _engine.SetServerName(name);
        if (_target?.SessionKey is { } key && client.Find(key) is { } session)
            _engine.Resume(session);
    }

    private bool Choose(string? serverName)
    {
        Info.ServerName = serverName ?? "";
        var context = (TlsServerContext)_context;
        if (!_handler.Choose(this, serverName, ref context))
            return false;
        _engine!.Use(context);
        if (context.Verifies)
            _engine.SetVerifyTime(_worker.Clock.GetUtcNow());
        return true;
    }

    private bool Certify() => _handler.Certify(this);

    private void GoOnWithHandshake(TlsEngine engine)
    {
        switch (engine.Handshake())
        {
            case TlsStatus.Done when _phase == Phase.Handshake:
                if (_target?.WhatIsWrong(_context, Info) is { } error)
                    Fail(error);
                else
                    Open();
                break;
            case TlsStatus.Ended:
                Fail(new TlsException(TlsFailure.PeerClosed, "peer closed connection in SSL handshake"));
                break;
            case TlsStatus.Failed:
                Fail(engine.Failure!);
                break;
        }
    }

    private void Open()
    {
        _worker.Deadlines.Clear(_timeout);
        _phase = Phase.Open;
        _isTold = true;
        _engine!.KeepResumed();
        Inner = _handler.Opened(this, _transport!);
        if (Inner is null)
            _transport!.Close();
    }

    private void GoOn()
    {
        if (_phase is not (Phase.Handshake or Phase.Open) || _isInputPaused)
            return;
        _transport!.Hold();
        try
        {
            _input!.ShowKept();
            _input.Decrypt();
        }
        finally
        {
            if (_phase != Phase.Closed)
                _transport.Flow();
        }
        if (!_isInputPaused && !_isHeldBack && _phase is Phase.Handshake or Phase.Open)
            _outer.ResumeInput();
    }

    /// <summary>The peer sends no more.</summary>
    internal void EndInput()
    {
        _hasInputEnded = true;
        Inner!.InputEnded(_transport!);
    }

    /// <summary>The connection cannot go on.</summary>
    internal void Fail(TlsException error)
    {
        if (_phase is Phase.Failed or Phase.Closed)
            return;
        _failure = error;
        _phase = Phase.Failed;
        _transport?.End();
        _engine?.ShutDown();
        _outer.ReleaseAll();
        _outer.Close();
        // What says why has to leave in time.
        if (_phase == Phase.Failed)
            _worker.Deadlines.Set(_timeout, _context.HandshakeTimeoutMs);
        TellFailed(error);
    }

    private void TellFailed(TlsException error)
    {
        if (_isTold)
            return;
        _isTold = true;
        _handler.Failed(this, error);
    }

    private void TimedOut()
    {
        var who = _context is TlsServerContext ? "client" : "upstream";
        if (_phase is Phase.Greeting or Phase.Handshake)
            Fail(new TlsException(TlsFailure.TimedOut, $"{who} timed out (110: Connection timed out)"));
        else
            _outer.Abort();
    }

    private static TlsException ClosedInHandshake(Exception? error)
    {
        var why = error is SocketException { SocketErrorCode: SocketError.ConnectionReset } ? " (104: Connection reset by peer)" : "";
        return new TlsException(TlsFailure.PeerClosed, $"peer closed connection in SSL handshake{why}");
    }

    private sealed class Timeout(TlsSession session) : Deadline
    {
        protected override void Expired() => session.TimedOut();
    }
}
