using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Microcosm.SideBySide.Chubby;

/// <summary>
/// A client of one member, as cheap as can be: a socket that never blocks, requests that are written in place, answers that are found
/// where they end. Errors of the connection are <see cref="IOException"/>.
/// </summary>
internal abstract class WireClient : IDisposable
{
    /// <summary>What every value is long.</summary>
    public const int ValueBytes = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly List<(int Id, bool IsOk)> _answers = [];
    private byte[] _input = new byte[16 * 1024];
    private int _filled;
    private int _awaited = -1;
    private byte[]? _body;

    protected WireClient(IPEndPoint member)
    {
        try
        {
            _socket.Connect(member);
        }
        catch (SocketException e)
        {
            _socket.Dispose();
            throw new IOException(e.Message, e);
        }
        _socket.Blocking = false;
    }

    public int Fd => (int)_socket.Handle;

    /// <summary>The handshake is done.</summary>
    public abstract bool IsReady { get; }

    /// <summary>The server's name for the session, which outlives the connection: ZooKeeper's session, etcd's lease.</summary>
    public abstract long Session { get; }

    protected ArrayBufferWriter<byte> Output { get; } = new(1024);

    protected static byte[] Value { get; } = Enumerable.Repeat((byte)'v', ValueBytes).ToArray();

    /// <summary>Makes a key that load writes and reads.</summary>
    public abstract void Create(int key);

    /// <summary>Asks to write a key; returns the request's number.</summary>
    public abstract int Write(int key);

    /// <summary>Asks to read a key, at etcd linearizably or as this member knows it.</summary>
    public abstract int Read(int key, bool isLinearizable);

    /// <summary>Makes the session, where connecting did not, and a key that goes when it ends.</summary>
    public abstract void Own(int number);

    /// <summary>Asks for the owner of that key.</summary>
    public abstract int ReadOwner(int number);

    /// <summary>Whose session it belongs to, of such an answer's body; 0 if the key is gone.</summary>
    public abstract long OwnerIn(ReadOnlySpan<byte> body);

    /// <summary>Tells that the session lives, where requests do not.</summary>
    public abstract void KeepAlive();

    /// <summary>True if this member leads, as it says itself.</summary>
    public abstract bool AskIfLeader();

    /// <summary>Takes what has come; the answers in it, valid until the next call.</summary>
    public IReadOnlyList<(int Id, bool IsOk)> Receive()
    {
        _answers.Clear();
        if (_filled == _input.Length)
            Array.Resize(ref _input, _input.Length * 2);
        var count = _socket.Receive(_input.AsSpan(_filled), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
            return _answers;
        if (error != SocketError.Success || count == 0)
            throw new IOException($"the member closed the connection ({error})");
        _filled += count;
        var taken = Take(_input.AsSpan(0, _filled));
        _input.AsSpan(taken, _filled - taken).CopyTo(_input);
        _filled -= taken;
        return _answers;
    }

    /// <summary>Waits for an answer; throws if it is a refusal.</summary>
    public byte[] Await(int id)
    {
        (_awaited, _body) = (id, null);
        while (_body is null)
        {
            AwaitInput();
            if (Receive().Contains((id, false)))
                throw new IOException("the member refused a request");
        }
        return _body;
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Waits for the handshake.</summary>
    public void AwaitReady()
    {
        while (!IsReady)
        {
            AwaitInput();
            Receive();
        }
    }

    /// <summary>Finds answers in the input; returns how much of it they take.</summary>
    protected abstract int Take(ReadOnlySpan<byte> input);

    protected void Answered(int id, bool isOk, ReadOnlySpan<byte> body)
    {
        _answers.Add((id, isOk));
        if (id == _awaited && isOk)
            _body = body.ToArray();
    }

    protected void Send()
    {
        var rest = Output.WrittenSpan;
        while (!rest.IsEmpty)
        {
            var sent = _socket.Send(rest, SocketFlags.None, out var error);
            if (error is not (SocketError.Success or SocketError.WouldBlock))
                throw new IOException($"the member closed the connection ({error})");
            rest = rest[Math.Max(0, sent)..];
            if (error == SocketError.WouldBlock)
                _socket.Poll(Patience, SelectMode.SelectWrite);
        }
        Output.ResetWrittenCount();
    }

    private void AwaitInput()
    {
        if (!_socket.Poll(Patience, SelectMode.SelectRead))
            throw new IOException("the member did not answer");
    }
}
