using System.Runtime.ExceptionServices;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// One SSL without I/O: it reads what it is shown and writes to a buffer. Invariants: input is looked at only inside of a call, while it is
/// shown; OpenSSL calls back only inside of a call, on its thread, so <see cref="Current"/> is whose call it is.
/// </summary>
internal sealed unsafe class TlsEngine : IDisposable
{
    [ThreadStatic]
    private static TlsEngine? t_current;

    private readonly ConnectionHandle _handle;
    private readonly OutputBuffer _output;
    private readonly nint _ssl;
    private readonly nint _bio;
    private byte* _input;
    private int _inputLength;
    private bool _isWaiting;
    private bool _isInCall;
    private bool _isDisposed;

    public TlsEngine(TlsContext context, OutputBuffer output)
    {
        (Context, FirstContext, _output) = (context, context, output);
        LibCrypto.ClearErrors();
        _handle = new ConnectionHandle(context.Pointer);
        _ssl = _handle.DangerousGetHandle();
        _bio = TlsCallbacks.NewBio();
        LibSslConnection.SetBio(_ssl, _bio, _bio);
        if (context is TlsServerContext)
            LibSslConnection.BeServer(_ssl);
        else
            LibSslConnection.BeClient(_ssl);
    }

    /// <summary>Whose call OpenSSL carries out on this thread.</summary>
    public static TlsEngine? Current => t_current;

    /// <summary>What is in force.</summary>
    public TlsContext Context { get; private set; }

    /// <summary>What the connection was opened with: whose sessions and ticket keys count.</summary>
    public TlsContext FirstContext { get; }

    /// <summary>What failed, after <see cref="TlsStatus.Failed"/>.</summary>
    public TlsException? Failure { get; private set; }

    /// <summary>Asked for a server's context once the client's name is known; false fails the handshake.</summary>
    public Func<string?, bool>? Choosing { get; init; }

    /// <summary>Asked for a server's certificates; false fails the handshake.</summary>
    public Func<bool>? Certifying { get; init; }

    /// <summary>Protocols of the application; null for those of the context.</summary>
    public TlsProtocolNames? Protocols { get; set; }

    /// <summary>By which a client keeps sessions; null keeps none.</summary>
    public string? SessionKey { get; init; }

    /// <summary>An exception of a callback, thrown on where OpenSSL has returned.</summary>
    public ExceptionDispatchInfo? Thrown { get; set; }

    /// <summary>The handshake ended at a context that refuses every one.</summary>
    public bool IsRejected { get; set; }

    /// <summary>The age of a resumed session was looked at.</summary>
    public bool IsSessionAgeSet { get; set; }

    /// <summary>The SSL; 0 once it is gone.</summary>
    public nint Pointer => _isDisposed ? 0 : _ssl;

    /// <summary>Bytes of the input that were not read.</summary>
    public int Unread => _inputLength;

    /// <summary>True where OpenSSL holds input of its own.</summary>
    public bool HasPending => !_isDisposed && LibSslConnection.HasPending(_ssl) == 1;

    /// <summary>Shows input, which has to stay where it is until <see cref="HideInput"/>.</summary>
    public void ShowInput(byte* input, int length)
    {
        _input = input;
        _inputLength = length;
    }

    public void HideInput() => ShowInput(null, 0);

    public TlsStatus Handshake()
    {
        var before = Enter();
        var result = LibSslConnection.Handshake(_ssl);
        var status = result == 1 ? TlsStatus.Done : StatusOf(result, "SSL_do_handshake() failed");
        Leave(before);
        return status;
    }

    /// <summary>Decrypts one record, or what is left of it.</summary>
    public TlsStatus Read(Span<byte> to, out int count)
    {
        var before = Enter();
        fixed (byte* buffer = to)
            count = LibSslConnection.Read(_ssl, buffer, to.Length);
        var status = count > 0 ? TlsStatus.Done : StatusOf(count, "SSL_read() failed");
        Leave(before);
        return status;
    }

    /// <summary>Encrypts one record.</summary>
    public TlsStatus Write(ReadOnlySpan<byte> bytes)
    {
        var before = Enter();
        int written;
        fixed (byte* buffer = bytes)
            written = LibSslConnection.Write(_ssl, buffer, bytes.Length);
        var status = written == bytes.Length ? TlsStatus.Done : StatusOf(written, "SSL_write() failed");
        Leave(before);
        return status;
    }

    /// <summary>Writes close_notify, where a handshake was complete and nothing failed.</summary>
    public void ShutDown()
    {
        if (_isDisposed || Failure is not null || LibSslConnection.IsInHandshake(_ssl) == 1)
            return;
        var before = Enter();
        LibSslConnection.ShutDown(_ssl);
        LibCrypto.ClearErrors();
        Leave(before);
    }

    /// <summary>Puts another context in the place of the first, as nginx does for a server that is chosen by its name.</summary>
    public void Use(TlsServerContext context)
    {
        if (ReferenceEquals(context, Context))
            return;
        Context = context;
        LibSslConnection.SetContext(_ssl, context.Pointer);
        // SSL_set_SSL_CTX() changes certificates and little else.
        LibSslConnection.SetVerify(_ssl, context.Verifies ? LibSsl.VerifyPeer : LibSsl.VerifyNone, TlsCallbacks.Accepting);
        LibSslConnection.SetVerifyDepth(_ssl, context.VerifyDepth);
        var options = LibSsl.GetOptions(context.Pointer);
        LibSslConnection.ClearOptions(_ssl, LibSslConnection.GetOptions(_ssl) & ~options);
        LibSslConnection.SetOptions(_ssl, options);
    }

    /// <summary>Certificates are looked at as of this moment.</summary>
    public void SetVerifyTime(DateTimeOffset now) =>
        LibCrypto.SetVerifyTime(LibSslConnection.VerifyParameters(_ssl), (nint)now.ToUnixTimeSeconds());

    /// <summary>Tells the server whom a client means.</summary>
    public void SetServerName(string name)
    {
        fixed (byte* text = System.Text.Encoding.UTF8.GetBytes(name + '\0'))
        {
            if (LibSslConnection.Control(_ssl, LibSsl.ControlServerName, 0, text) != 1)
                throw TlsException.OfConnection($"SSL_set_tlsext_host_name(\"{name}\") failed");
        }
    }

    /// <summary>Tells the server what a client speaks.</summary>
    public void Offer(TlsProtocolNames protocols)
    {
        fixed (byte* names = protocols.Bytes)
        {
            if (names is not null && LibSslConnection.OfferProtocols(_ssl, names, (uint)protocols.Bytes.Length) != 0)
                throw TlsException.OfConnection("SSL_set_alpn_protos() failed");
        }
    }

    /// <summary>Offers to take up a session.</summary>
    public void Resume(SessionHandle session)
    {
        LibSslConnection.SetSession(_ssl, session.DangerousGetHandle());
        GC.KeepAlive(session);
    }

    /// <summary>Keeps the session with the ticket that came for it: OpenSSL tells of one that was taken up only from TLSv1.3
    /// on.</summary>
    public void KeepResumed()
    {
        if (SessionKey is { } key && FirstContext is TlsClientContext client && LibSslConnection.IsResumed(_ssl) == 1)
            client.Keep(key, LibSslConnection.SessionOf(_ssl));
    }

    /// <summary>Takes the session out of the caches: it is not to be taken up again.</summary>
    public void ForgetSession()
    {
        if (_isDisposed || LibSslConnection.SessionOf(_ssl) is not (not 0 and var session))
            return;
        var before = Enter();
        LibSsl.RemoveSession(FirstContext.Pointer, session);
        LibCrypto.ClearErrors();
        Leave(before);
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        // Inside of a call of OpenSSL it would be pulled out from under it; the call's end does it then.
        if (!_isInCall)
            _handle.Dispose();
    }

    /// <summary>OpenSSL asks for input: how much it got; below 0, nothing is there.</summary>
    internal int Take(byte* to, nuint max)
    {
        if (_inputLength == 0)
        {
            _isWaiting = true;
            LibCrypto.SetBioFlags(_bio, LibCrypto.BioRetryRead);
            return -1;
        }
        if (_isWaiting)
        {
            _isWaiting = false;
            LibCrypto.ClearBioFlags(_bio, LibCrypto.BioRetryAny);
        }
        var count = (int)Math.Min((nuint)_inputLength, max);
        new ReadOnlySpan<byte>(_input, count).CopyTo(new Span<byte>(to, count));
        _input += count;
        _inputLength -= count;
        return count;
    }

    /// <summary>OpenSSL has output.</summary>
    internal void Give(ReadOnlySpan<byte> bytes) => _output.Write(bytes);

    private TlsEngine? Enter()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var before = t_current;
        t_current = this;
        _isInCall = true;
        LibCrypto.ClearErrors();
        return before;
    }

    private void Leave(TlsEngine? before)
    {
        t_current = before;
        _isInCall = false;
        if (_isDisposed)
            _handle.Dispose();
        if (Thrown is not { } thrown)
            return;
        Thrown = null;
        thrown.Throw();
    }

    private TlsStatus StatusOf(int result, string what)
    {
        switch (LibSslConnection.GetError(_ssl, result))
        {
            case LibSslConnection.ErrorWantRead:
                return TlsStatus.NeedsInput;
            case LibSslConnection.ErrorZeroReturn:
                return TlsStatus.Ended;
            default:
                Failure = IsRejected ? new TlsException(TlsFailure.Rejected, "handshake rejected") : TlsException.OfConnection(what);
                LibCrypto.ClearErrors();
                return TlsStatus.Failed;
        }
    }
}
