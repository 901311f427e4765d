using System.Net;
using System.Text;

namespace Microcosm.SideBySide.Chubby;

/// <summary>etcd's v3 API, messages written by hand.</summary>
internal sealed class EtcdClient(IPEndPoint member, EtcdClient? broken) : Http2Client(member)
{
    private const int LeaseSeconds = 30;
    private const int MessageBytesMax = 256;

    private readonly byte[] _message = new byte[MessageBytesMax];
    private long _lease = broken?._lease ?? 0;
    private int _length;

    public override long Session => _lease;

    public override void Create(int key) => Await(Write(key));

    public override int Write(int key)
    {
        Bytes(1, KeyOf(key));
        Bytes(2, Value);
        return Call("/etcdserverpb.KV/Put");
    }

    public override int Read(int key, bool isLinearizable)
    {
        Bytes(1, KeyOf(key));
        if (!isLinearizable)
            Number(7, 1);
        return Call("/etcdserverpb.KV/Range");
    }

    public override void Own(int number)
    {
        Number(1, LeaseSeconds);
        var granted = Await(Call("/etcdserverpb.Lease/LeaseGrant"));
        _lease = (long)NumberIn(granted, 2);
        Bytes(1, OwnedKey(number));
        Bytes(2, Value);
        Number(3, (ulong)_lease);
        Await(Call("/etcdserverpb.KV/Put"));
    }

    public override int ReadOwner(int number)
    {
        Bytes(1, OwnedKey(number));
        return Call("/etcdserverpb.KV/Range");
    }

    // RangeResponse.kvs, KeyValue.lease
    public override long OwnerIn(ReadOnlySpan<byte> body) => (long)NumberIn(BytesIn(body, 2), 6);

    public override void KeepAlive()
    {
        Number(1, (ulong)_lease);
        Call("/etcdserverpb.Lease/LeaseKeepAlive");
    }

    // StatusResponse.leader, ResponseHeader.member_id
    public override bool AskIfLeader()
    {
        var status = Await(Call("/etcdserverpb.Maintenance/Status"));
        return NumberIn(status, 4) is not 0 and var leader && leader == NumberIn(BytesIn(status, 1), 2);
    }

    private static byte[] KeyOf(int key) => Encoding.ASCII.GetBytes($"/load/{key}");

    private static byte[] OwnedKey(int number) => Encoding.ASCII.GetBytes($"/owned-{number}");

    private int Call(string path)
    {
        var length = _length;
        _length = 0;
        return Call(path, _message.AsSpan(0, length));
    }

    private void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint((ulong)((field << 3) | 2));
        Varint((ulong)value.Length);
        value.CopyTo(_message.AsSpan(_length));
        _length += value.Length;
    }

    private void Number(int field, ulong value)
    {
        Varint((ulong)(field << 3));
        Varint(value);
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _message[_length++] = (byte)(value | 0x80);
        _message[_length++] = (byte)value;
    }

    private static ulong NumberIn(ReadOnlySpan<byte> message, int field) => Find(message, field, out _);

    private static ReadOnlySpan<byte> BytesIn(ReadOnlySpan<byte> message, int field)
    {
        Find(message, field, out var bytes);
        return bytes;
    }

    // Fields here are numbers or bytes.
    private static ulong Find(ReadOnlySpan<byte> message, int field, out ReadOnlySpan<byte> bytes)
    {
        while (!message.IsEmpty)
        {
            var tag = ReadVarint(ref message);
            var value = ReadVarint(ref message);
            bytes = default;
            if ((tag & 7) == 2)
            {
                bytes = message[..(int)value];
                message = message[(int)value..];
            }
            if ((int)(tag >> 3) == field)
                return value;
        }
        bytes = default;
        return 0;
    }

    private static ulong ReadVarint(ref ReadOnlySpan<byte> message)
    {
        var (value, shift, at) = (0UL, 0, 0);
        while ((message[at] & 0x80) != 0)
        {
            value |= (ulong)(message[at++] & 0x7f) << shift;
            shift += 7;
        }
        value |= (ulong)message[at++] << shift;
        message = message[at..];
        return value;
    }
}
