using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microcosm.SideBySide.Chubby;

/// <summary>ZooKeeper's protocol (zookeeper.jute): packets behind their length, big-endian.</summary>
internal sealed class ZooKeeperClient : WireClient
{
    private const int SessionTimeoutMs = 30_000;
    private const int PasswordBytes = 16;
    private const int EphemeralFlag = 1;
    private const int AllPermissions = 31;

    // In a Stat, behind four longs and three ints.
    private const int EphemeralOwnerAt = 44;

    private readonly IPEndPoint _member;
    private byte[] _password = new byte[PasswordBytes];
    private long _session;
    private long _zxid;
    private int _xid;
    private bool _isReady;

    /// <summary>Begins a session, or goes on with that of a connection that broke.</summary>
    public ZooKeeperClient(IPEndPoint member, ZooKeeperClient? broken)
        : base(member)
    {
        _member = member;
        if (broken is not null)
            (_session, _password, _zxid, _xid) = (broken._session, broken._password, broken._zxid, broken._xid);
        Int(0);
        Int(0);
        Long(_zxid);
        Int(SessionTimeoutMs);
        Long(_session);
        Bytes(_password);
        Output.Write<byte>([0]);
        SendPacket();
    }

    public override bool IsReady => _isReady;

    public override long Session => _session;

    public override void Create(int key)
    {
        if (key == 0)
            Await(Create("/load", 0));
        Await(Create(PathOf(key), 0));
    }

    public override int Write(int key)
    {
        var id = Head(5);
        Text(PathOf(key));
        Bytes(Value);
        Int(-1);
        return Asked(id);
    }

    public override int Read(int key, bool isLinearizable)
    {
        var id = Head(4);
        Text(PathOf(key));
        Output.Write<byte>([0]);
        return Asked(id);
    }

    public override void Own(int number) => Await(Create($"/owned-{number}", EphemeralFlag));

    public override int ReadOwner(int number)
    {
        var id = Head(3);
        Text($"/owned-{number}");
        Output.Write<byte>([0]);
        return Asked(id);
    }

    public override long OwnerIn(ReadOnlySpan<byte> body) => BinaryPrimitives.ReadInt64BigEndian(body[EphemeralOwnerAt..]);

    /// <inheritdoc/>
    public override void KeepAlive()
    {
    }

    public override bool AskIfLeader()
    {
        using var client = new TcpClient(_member.Address.ToString(), _member.Port) { ReceiveTimeout = 2_000 };
        client.GetStream().Write("srvr"u8);
        using var reader = new StreamReader(client.GetStream());
        return reader.ReadToEnd().Contains("Mode: leader", StringComparison.Ordinal);
    }

    protected override int Take(ReadOnlySpan<byte> input)
    {
        var taken = 0;
        while (input.Length - taken >= 4)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(input[taken..]);
            if (input.Length - taken - 4 < length)
                break;
            var packet = input.Slice(taken + 4, length);
            taken += 4 + length;
            if (_isReady)
                TakeReply(packet);
            else
                TakeConnected(packet);
        }
        return taken;
    }

    // Protocol, time-out, session, password; a session that is over is answered with a time-out of 0.
    private void TakeConnected(ReadOnlySpan<byte> packet)
    {
        if (BinaryPrimitives.ReadInt32BigEndian(packet[4..]) == 0)
            throw new SessionLostException();
        _session = BinaryPrimitives.ReadInt64BigEndian(packet[8..]);
        _password = packet.Slice(20, PasswordBytes).ToArray();
        _isReady = true;
    }

    private void TakeReply(ReadOnlySpan<byte> packet)
    {
        _zxid = Math.Max(_zxid, BinaryPrimitives.ReadInt64BigEndian(packet[4..]));
        Answered(BinaryPrimitives.ReadInt32BigEndian(packet), BinaryPrimitives.ReadInt32BigEndian(packet[12..]) == 0, packet[16..]);
    }

    private int Create(string path, int flags)
    {
        var id = Head(1);
        Text(path);
        Bytes(Value);
        Int(1);
        Int(AllPermissions);
        Text("world");
        Text("anyone");
        Int(flags);
        return Asked(id);
    }

    private static string PathOf(int key) => $"/load/{key}";

    private int Head(int type)
    {
        Int(0);
        Int(++_xid);
        Int(type);
        return _xid;
    }

    private int Asked(int id)
    {
        SendPacket();
        return id;
    }

    // The first four bytes of the output are its length.
    private void SendPacket()
    {
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(Output.WrittenMemory, out var written);
        BinaryPrimitives.WriteInt32BigEndian(written.AsSpan(), written.Count - 4);
        Send();
    }

    private void Int(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(Output.GetSpan(4), value);
        Output.Advance(4);
    }

    private void Long(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(Output.GetSpan(8), value);
        Output.Advance(8);
    }

    private void Bytes(ReadOnlySpan<byte> value)
    {
        Int(value.Length);
        Output.Write(value);
    }

    private void Text(string value)
    {
        Int(value.Length);
        Encoding.ASCII.GetBytes(value, Output);
    }
}
