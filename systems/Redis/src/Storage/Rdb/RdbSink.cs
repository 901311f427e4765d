using System.Globalization;

namespace Microcosm.Redis;

/// <summary>A snapshot as an RDB file: head, aux fields, keys by database, end and checksum.</summary>
internal sealed class RdbSink(RedisOptions options) : ISnapshotSink
{
    private readonly RdbWriter _writer = new(options.RdbCompression);
    private ulong _crc;
    private KeyspaceEvents? _events;
    private int _selected = -1;

    public ReadOnlySpan<byte> Pending => _writer.Written;

    public void Begin(RedisServer server, bool isAofBase)
    {
        _events = server.Events;
        _writer.Raw("REDIS0010"u8);
        Aux("redis-ver", RedisOptions.Version);
        Aux("redis-bits", "64");
        Aux("ctime", (server.NowMs / 1000).ToString(CultureInfo.InvariantCulture));
        Aux("used-mem", server.UsedMemory().ToString(CultureInfo.InvariantCulture));
        Aux("aof-base", isAofBase ? "1" : "0");
    }

    public void Write(Database db, Entry entry)
    {
        if (db.Index != _selected)
        {
            _selected = db.Index;
            _writer.Byte(RdbFormat.SelectDb);
            _writer.Length(db.Index);
            // Hints for the sizes of the tables.
            _writer.Byte(RdbFormat.ResizeDb);
            _writer.Length(db.Count);
            _writer.Length(db.VolatileCount);
        }
        if (entry.ExpireAtMs >= 0)
        {
            _writer.Byte(RdbFormat.ExpireTimeMs);
            _writer.Int64(entry.ExpireAtMs);
        }
        if (options.MaxMemoryPolicy is MaxMemoryPolicy.AllKeysLru or MaxMemoryPolicy.VolatileLru)
        {
            _writer.Byte(RdbFormat.Idle);
            _writer.Length(_events!.IdleSeconds(entry));
        }
        else if (options.IsLfu)
        {
            _writer.Byte(RdbFormat.Frequency);
            _writer.Byte((byte)entry.Lru);
        }
        _writer.Byte(RdbWriter.TypeOf(entry));
        _writer.String(entry.Key);
        _writer.Value(entry);
    }

    public void End(RedisServer server)
    {
        _writer.Byte(RdbFormat.End);
        // 0 says that there is no checksum.
        _writer.Int64(options.RdbChecksum ? (long)Crc64.Continue(_crc, _writer.Written) : 0);
    }

    public void Clear()
    {
        _crc = Crc64.Continue(_crc, _writer.Written);
        _writer.Clear();
    }

    private void Aux(string name, string value)
    {
        _writer.Byte(RdbFormat.Aux);
        _writer.String(name);
        _writer.String(value);
    }
}
