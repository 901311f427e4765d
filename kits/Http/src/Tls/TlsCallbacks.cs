using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Microcosm.Http;

/// <summary>What OpenSSL calls. No exception may pass through it: it is kept until OpenSSL has returned.</summary>
internal static unsafe class TlsCallbacks
{
    private const int ServerNameMax = 255;
    private const int AlertDecodeError = 50;
    private const int AlertInternalError = 80;
    private const int AlertUnrecognizedName = 112;
    private const int ExtensionFatal = 2;
    private const int ExtensionNotTaken = 3;
    private const int StateOfAccepting = 0x2001;

    private static readonly nint BioMethod = NewBioMethod();

    /// <summary>Goes on whatever is found: the result is looked at after the handshake.</summary>
    public static delegate* unmanaged[Cdecl]<int, nint, int> Accepting => &Accept;

    public static nint NewBio()
    {
        var bio = LibCrypto.NewBio(BioMethod);
        return bio != 0 ? bio : throw TlsException.OfConnection("BIO_new() failed");
    }

    public static void SetServer(nint context)
    {
        LibSsl.OnClientHello(context, &ClientHello, 0);
        delegate* unmanaged[Cdecl]<nint, int*, nint, int> acknowledge = &AcknowledgeName;
        LibSsl.SetCallback(context, LibSsl.ControlServerNameCallback, acknowledge);
        LibSsl.OnState(context, &State);
    }

    public static void SetAlpn(nint context) => LibSsl.OnAlpn(context, &SelectProtocol, 0);

    public static void SetCertificates(nint context) => LibSsl.OnCertificate(context, &Certify, 0);

    public static void SetOcsp(nint context)
    {
        delegate* unmanaged[Cdecl]<nint, nint, int> status = &GiveOcspResponse;
        LibSsl.SetCallback(context, LibSsl.ControlStatusCallback, status);
    }

    public static void SetTickets(nint context) => LibSsl.OnTicket(context, &Ticket);

    public static void SetSessionCache(nint context)
    {
        LibSsl.OnNewSession(context, &KeepServerSession);
        LibSsl.OnSessionAsked(context, &FindServerSession);
        LibSsl.OnSessionRemoved(context, &ForgetServerSession);
    }

    public static void SetClientSessions(nint context) => LibSsl.OnNewSession(context, &KeepClientSession);

    private static nint NewBioMethod()
    {
        fixed (byte* name = "session\0"u8)
        {
            // 0x400: a source and sink.
            var method = LibCrypto.NewBioMethod(0x400 | 0x7f, name);
            LibCrypto.SetBioRead(method, &Read);
            LibCrypto.SetBioWrite(method, &Write);
            LibCrypto.SetBioControl(method, &Control);
            return method;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(nint bio, byte* to, nuint max, nuint* read)
    {
        var count = TlsEngine.Current is { } engine ? engine.Take(to, max) : -1;
        *read = (nuint)Math.Max(0, count);
        return count < 0 ? -1 : 1;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint bio, byte* bytes, nuint length, nuint* written)
    {
        try
        {
            TlsEngine.Current!.Give(new ReadOnlySpan<byte>(bytes, (int)length));
            *written = length;
            return 1;
        }
        catch (Exception e)
        {
            return Throw(e, -1);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Control(nint bio, int command, nint number, void* pointer) => command == LibCrypto.BioControlFlush ? 1 : 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Accept(int isGood, nint store) => 1;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ClientHello(nint ssl, int* alert, nint argument)
    {
        try
        {
            *alert = AlertInternalError;
            byte* bytes;
            nuint length;
            string? name = null;
            if (LibSslConnection.ClientHelloExtension(ssl, 0, &bytes, &length) == 1)
            {
                // RFC 6066 section 3: a list of one name.
                var list = new ReadOnlySpan<byte>(bytes, (int)length);
                *alert = AlertDecodeError;
                if (list.Length <= 5 || Length(list) + 2 != list.Length || list[2] != 0 || Length(list[3..]) + 5 != list.Length)
                    return 0;
                *alert = AlertUnrecognizedName;
                if (list.Length - 5 > ServerNameMax || list[5..].Contains((byte)0))
                    return 0;
                name = Encoding.Latin1.GetString(list[5..]);
            }
            *alert = AlertInternalError;
            if (TlsEngine.Current is not { } engine || engine.Choosing is not { } choosing || !choosing(name))
                return 0;
            *alert = AlertUnrecognizedName;
            engine.IsRejected = engine.Context is TlsServerContext { RejectsHandshakes: true };
            return engine.IsRejected ? 0 : 1;
        }
        catch (Exception e)
        {
            return Throw(e, 0);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Certify(nint ssl, nint argument)
    {
        try
        {
            return TlsEngine.Current is { Certifying: { } certifying } && certifying() ? 1 : 0;
        }
        catch (Exception e)
        {
            return Throw(e, 0);
        }
    }

    // The name was taken before; here the client is told so.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int AcknowledgeName(nint ssl, int* alert, nint argument) => 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SelectProtocol(nint ssl, byte** selected, byte* selectedLength, byte* theirs, uint length, nint argument)
    {
        if (TlsEngine.Current is not { Context: TlsServerContext context } engine)
            return ExtensionNotTaken;
        var ours = (engine.Protocols ?? context.Alpn).Bytes;
        if (ours.IsEmpty)
            return ExtensionNotTaken;
        // Pinned for good: what is selected points there.
        fixed (byte* bytes = ours)
            return LibSsl.SelectProtocol(selected, selectedLength, bytes, (uint)ours.Length, theirs, length) == 1 ? 0 : ExtensionFatal;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GiveOcspResponse(nint ssl, nint argument)
    {
        if (TlsEngine.Current?.Context is not TlsServerContext { OcspResponse: { IsEmpty: false } response })
            return ExtensionNotTaken;
        // OpenSSL frees it.
        var copy = LibCrypto.Allocate((nuint)response.Length, null, 0);
        if (copy is null)
            return ExtensionNotTaken;
        response.CopyTo(new Span<byte>(copy, response.Length));
        LibSslConnection.Control(ssl, LibSsl.ControlOcspResponse, response.Length, copy);
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Ticket(nint ssl, byte* name, byte* iv, nint cipher, nint mac, int encrypts)
    {
        try
        {
            if (TlsEngine.Current?.FirstContext is not TlsServerContext { TicketKeys: { } keys })
                return -1;
            return keys.Answer(name, iv, cipher, mac, encrypts == 1, LibSslConnection.Version(ssl) == LibSslConnection.VersionTls13);
        }
        catch (Exception e)
        {
            return Throw(e, -1);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int KeepServerSession(nint ssl, nint session)
    {
        try
        {
            // A session of TLSv1.3 whose client has a ticket is told of too, and is not asked for by its id.
            var isTicket = LibSslConnection.Version(ssl) == LibSslConnection.VersionTls13
                && (LibSslConnection.GetOptions(ssl) & LibSsl.OptionNoTicket) == 0;
            if (!isTicket && TlsEngine.Current?.FirstContext is TlsServerContext { SessionCache: { } cache } context)
                cache.Keep(IdOf(session), BytesOf(session), context.SessionTimeoutSeconds);
            return 0;
        }
        catch (Exception e)
        {
            return Throw(e, 0);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint FindServerSession(nint ssl, byte* id, int length, int* isShared)
    {
        try
        {
            *isShared = 0;
            if (TlsEngine.Current?.FirstContext is not TlsServerContext { SessionCache: { } cache })
                return 0;
            if (cache.Find(new ReadOnlySpan<byte>(id, length)) is not { } session)
                return 0;
            fixed (byte* bytes = session)
            {
                var at = bytes;
                return LibSsl.ReadSession(0, &at, session.Length);
            }
        }
        catch (Exception e)
        {
            return Throw(e, 0);
        }
    }

    // Also called as a context is freed, when there is no connection.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void ForgetServerSession(nint context, nint session)
    {
        if (TlsEngine.Current?.FirstContext is TlsServerContext { SessionCache: { } cache })
            cache.Forget(IdOf(session));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int KeepClientSession(nint ssl, nint session)
    {
        if (TlsEngine.Current is { FirstContext: TlsClientContext context, SessionKey: { } key })
            context.Keep(key, session);
        return 0;
    }

    // OpenSSL dates a session of TLSv1.3 anew each time it is taken up, so that it would never end; its time runs from the first one.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void State(nint ssl, int where, int result)
    {
        if ((where & StateOfAccepting) != StateOfAccepting || TlsEngine.Current is not { IsSessionAgeSet: false } engine
            || LibSslConnection.Version(ssl) != LibSslConnection.VersionTls13)
            return;
        var session = LibSslConnection.SessionOf(ssl);
        if (session == 0)
            return;
        engine.IsSessionAgeSet = true;
        SessionAge.Keep(session, engine.FirstContext);
    }

    private static int Length(ReadOnlySpan<byte> bytes) => (bytes[0] << 8) | bytes[1];

    private static ReadOnlySpan<byte> IdOf(nint session)
    {
        uint length;
        var id = LibSsl.SessionId(session, &length);
        return new ReadOnlySpan<byte>(id, (int)length);
    }

    private static byte[] BytesOf(nint session)
    {
        var bytes = new byte[LibSsl.WriteSession(session, null)];
        fixed (byte* first = bytes)
        {
            var at = first;
            LibSsl.WriteSession(session, &at);
        }
        return bytes;
    }

    private static int Throw(Exception e, int result)
    {
        if (TlsEngine.Current is { } engine)
            engine.Thrown = ExceptionDispatchInfo.Capture(e);
        return result;
    }
}
