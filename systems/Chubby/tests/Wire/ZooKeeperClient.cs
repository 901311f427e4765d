using System.Buffers.Binary;

namespace Microcosm.Chubby.Tests;

/// <summary>A client of plain packets over any stream: one request at a time, events kept aside.</summary>
internal sealed class ZooKeeperClient(Stream stream) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private int _xid;

    public Stream Stream { get; } = stream;

    public long SessionId { get; private set; }

    public byte[] Password { get; private set; } = new byte[16];

    /// <summary>As granted; 0 for a session that has expired.</summary>
    public int TimeoutMs { get; private set; }

    public bool IsReadOnly { get; private set; }

    public long LastZxid { get; private set; }

    /// <summary>Events that came before the last reply, oldest first.</summary>
    public List<TreeEvent> Events { get; } = [];

    /// <summary>The first packet. Throws <see cref="EndOfStreamException"/> where the server closes instead of answering.</summary>
    public async Task ConnectAsync(int timeoutMs = 40_000, long session = 0, byte[]? password = null, long seen = 0, bool readOnly = false)
    {
        var writer = new JuteWriter();
        writer.Int(0);
        writer.Long(seen);
        writer.Int(timeoutMs);
        writer.Long(session);
        writer.Buffer(password ?? new byte[16]);
        writer.Bool(readOnly);
        await SendAsync(writer.ToArray());
        Understand(await ReadPacketAsync());
    }

    /// <summary>Asks and waits for the reply.</summary>
    public async Task<ZooKeeperReply> AskAsync(int type, Action<JuteWriter>? body = null, int? xid = null)
    {
        var number = xid ?? ++_xid;
        await SendRequestAsync(number, type, body);
        return await ReadReplyAsync();
    }

    public Task SendRequestAsync(int xid, int type, Action<JuteWriter>? body = null)
    {
        var writer = new JuteWriter();
        writer.Int(xid);
        writer.Int(type);
        body?.Invoke(writer);
        return SendAsync(writer.ToArray());
    }

    public async Task<ZooKeeperReply> ReadReplyAsync()
    {
        while (true)
        {
            var packet = await ReadPacketAsync();
            if (!TryEvent(packet))
                return Header(packet);
        }
    }

    /// <summary>The next packet must be an event.</summary>
    public async Task<TreeEvent> ReadEventAsync()
    {
        Assert.True(TryEvent(await ReadPacketAsync()), "a reply came where an event was awaited");
        var happened = Events[^1];
        Events.RemoveAt(Events.Count - 1);
        return happened;
    }

    public async Task SendAsync(byte[] packet)
    {
        var framed = new byte[packet.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(framed, packet.Length);
        packet.CopyTo(framed, 4);
        await Stream.WriteAsync(framed);
        await Stream.FlushAsync();
    }

    public async Task<byte[]> ReadPacketAsync()
    {
        var length = new byte[4];
        await ReadExactlyAsync(length);
        var packet = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await ReadExactlyAsync(packet);
        return packet;
    }

    public ValueTask DisposeAsync() => Stream.DisposeAsync();

    private Task ReadExactlyAsync(byte[] into) => Stream.ReadExactlyAsync(into).AsTask().WaitAsync(Patience);

    private void Understand(byte[] packet)
    {
        var reader = new JuteReader(packet);
        _ = reader.Int();
        (TimeoutMs, SessionId, Password) = (reader.Int(), reader.Long(), reader.Buffer()!);
        IsReadOnly = reader.Bool();
    }

    private bool TryEvent(byte[] packet)
    {
        var reader = new JuteReader(packet);
        if (reader.Int() != -1)
            return false;
        _ = reader.Long();
        _ = reader.Int();
        var kind = (TreeEventKind)reader.Int();
        _ = reader.Int();
        Events.Add(new TreeEvent(kind, reader.String()));
        return true;
    }

    private ZooKeeperReply Header(byte[] packet)
    {
        var reader = new JuteReader(packet);
        var (xid, zxid, error) = (reader.Int(), reader.Long(), (ZooError)reader.Int());
        LastZxid = zxid;
        return new ZooKeeperReply(xid, zxid, error, packet[16..]);
    }
}
