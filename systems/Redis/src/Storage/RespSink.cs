using System.Globalization;
using System.Text;

namespace Microcosm.Redis;

/// <summary>A snapshot as commands that make the keys anew (<c>aof-use-rdb-preamble no</c>): at most 64 elements a command.</summary>
internal sealed class RespSink : ISnapshotSink
{
    private const int ElementsMax = 64;

    private readonly RdbWriter _out = new(compress: false);
    private readonly List<byte[]> _command = [];
    private int _selected = -1;

    public ReadOnlySpan<byte> Pending => _out.Written;

    public void Begin(RedisServer server, bool isAofBase)
    {
    }

    public void Write(Database db, Entry entry)
    {
        if (db.Index != _selected)
        {
            _selected = db.Index;
            Command("SELECT"u8, RedisNumber.ToBytes(db.Index));
        }
        var key = entry.Key.ToArray();
        switch (entry.Object)
        {
            case null or StringObject:
                Command("SET"u8, key, entry.StringValue.ToArray());
                break;
            case ListObject list:
                for (var cursor = list.Items.First; !cursor.IsNone; cursor = cursor.Next())
                    Element("RPUSH"u8, key, cursor.Value.ToArray());
                break;
            case SetObject set:
                foreach (var member in set)
                    Element("SADD"u8, key, member.ToArray());
                break;
            case HashObject hash:
                foreach (var pair in hash)
                    Element("HMSET"u8, key, pair.Field.ToArray(), pair.Value.ToArray());
                break;
            case SortedSetObject sorted:
                for (var cursor = sorted.Seek(0); !cursor.IsNone; cursor = cursor.Next())
                    Element("ZADD"u8, key, Score(cursor.Score), cursor.Member.ToArray());
                break;
        }
        Flush();
        if (entry.ExpireAtMs >= 0)
            Command("PEXPIREAT"u8, key, RedisNumber.ToBytes(entry.ExpireAtMs));
    }

    public void End(RedisServer server)
    {
    }

    public void Clear() => _out.Clear();

    private static byte[] Score(double score) => Encoding.ASCII.GetBytes(
        double.IsInfinity(score) ? score > 0 ? "inf" : "-inf" : score.ToString("R", CultureInfo.InvariantCulture));

    private void Element(ReadOnlySpan<byte> name, byte[] key, params ReadOnlySpan<byte[]> element)
    {
        if (_command.Count == 0)
            _command.AddRange(name.ToArray(), key);
        _command.AddRange(element);
        if (_command.Count >= 2 + ElementsMax)
            Flush();
    }

    private void Flush()
    {
        if (_command.Count > 0)
            Command(_command[0], [.. _command[1..]]);
        _command.Clear();
    }

    private void Command(ReadOnlySpan<byte> name, params ReadOnlySpan<byte[]> arguments)
    {
        _out.Raw(Encoding.ASCII.GetBytes($"*{arguments.Length + 1}\r\n"));
        Argument(name);
        foreach (var argument in arguments)
            Argument(argument);
    }

    private void Argument(ReadOnlySpan<byte> bytes)
    {
        _out.Raw(Encoding.ASCII.GetBytes($"${bytes.Length}\r\n"));
        _out.Raw(bytes);
        _out.Raw("\r\n"u8);
    }
}
