using System.Globalization;
using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>Puts the keys of an RDB file into a server. Checks the checksum first: a damaged file changes nothing.</summary>
internal sealed class RdbLoader(RedisServer server)
{
    private Database _db = server.Databases[0];
    private long _expireAtMs = -1;
    private long _idleSeconds = -1;
    private int _frequency = -1;

    /// <summary>Reads a whole file of the disk; up to 2 GiB.</summary>
    public void Load(IDisk disk, string path, bool merge = false)
    {
        try
        {
            Load(Read(disk, path), merge);
        }
        catch (IOException e)
        {
            throw new IOException($"Fatal error loading the DB: {DiskError.TextOf(e)}. Exiting.", e.HResult);
        }
    }

    /// <summary>Throws <see cref="InvalidDataException"/> for a damaged file or one of a version that is not known.</summary>
    public void Load(ReadOnlySpan<byte> bytes, bool merge = false)
    {
        var version = CheckHead(bytes);
        var wasLoading = server.IsLoading;
        server.IsLoading = true;
        try
        {
            var reader = new RdbReader(bytes);
            reader.Take(9);
            while (Read(ref reader, merge))
            {
            }
            if (version >= 5)
                reader.Take(8);
        }
        finally
        {
            server.IsLoading = wasLoading;
        }
    }

    private static byte[] Read(IDisk disk, string path)
    {
        using var file = disk.Open(path, DiskOpen.Existing);
        if (file.Length > Array.MaxLength)
            throw new InvalidDataException($"{path}: files over 2 GiB are not read");
        var bytes = new byte[file.Length];
        for (var at = 0; at < bytes.Length;)
        {
            var read = file.Read(at, bytes.AsSpan(at));
            if (read == 0)
                throw new InvalidDataException(RdbFormat.ShortRead);
            at += read;
        }
        return bytes;
    }

    private static int CheckHead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 9 || !bytes.StartsWith("REDIS"u8))
            throw new InvalidDataException("Wrong signature trying to load DB from file");
        if (!int.TryParse(Encoding.ASCII.GetString(bytes[5..9]), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            || version is < 1 or > RdbFormat.Version)
            throw new InvalidDataException($"Can't handle RDB format version {version}");
        if (version >= 5)
        {
            if (bytes.Length < 18 || bytes[^9] != RdbFormat.End)
                throw new InvalidDataException(RdbFormat.ShortRead);
            var stored = BitConverter.ToUInt64(bytes[^8..]);
            var computed = Crc64.Continue(0, bytes[..^8]);
            if (stored != 0 && stored != computed)
                throw new InvalidDataException($"Wrong RDB checksum expected: ({computed:x}) but got ({stored:x}). Aborting now.");
        }
        return version;
    }

    // One opcode or key; false at the end.
    private bool Read(ref RdbReader reader, bool merge)
    {
        var code = reader.Byte();
        switch (code)
        {
            case RdbFormat.End:
                return false;
            case RdbFormat.SelectDb:
                var index = reader.Length();
                if (index >= server.Databases.Length)
                    throw new InvalidDataException(
                        $"FATAL: Data file was created with a Redis server configured to handle more than {server.Databases.Length} "
                            + $"databases.");
                _db = server.Databases[(int)index];
                break;
            case RdbFormat.ResizeDb:
                reader.Length();
                reader.Length();
                break;
            case RdbFormat.Aux:
                reader.String();
                reader.String();
                break;
            case RdbFormat.ExpireTime:
                _expireAtMs = reader.Int32() * 1000L;
                break;
            case RdbFormat.ExpireTimeMs:
                _expireAtMs = reader.Int64();
                break;
            case RdbFormat.Idle:
                _idleSeconds = reader.Length();
                break;
            case RdbFormat.Frequency:
                _frequency = reader.Byte();
                break;
            case RdbFormat.Function or RdbFormat.ModuleAux or 0xf6:
                throw new InvalidDataException("The file holds functions or module data, which are not implemented");
            default:
                var key = reader.String();
                Put(key, RdbValues.Read(ref reader, code, server.Options.Encodings), merge);
                break;
        }
        return true;
    }

    private void Put(byte[] key, RedisObject value, bool merge)
    {
        var (expireAtMs, idle, frequency) = (_expireAtMs, _idleSeconds, _frequency);
        (_expireAtMs, _idleSeconds, _frequency) = (-1, -1, -1);
        if (expireAtMs >= 0 && expireAtMs < server.NowMs)
            return;
        if (_db.Peek(key).Exists && !merge)
            throw new InvalidDataException($"RDB has duplicated key '{Encoding.UTF8.GetString(key)}' in DB {_db.Index}");
        _db.SetObject(key, value);
        if (expireAtMs >= 0)
            _db.SetExpiry(key, expireAtMs);
        var entry = _db.Peek(key);
        server.Events.SetMark(entry, idle, frequency);
    }
}
