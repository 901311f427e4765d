using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// Replays append-only files into a server. A tail that a crash cut off is accepted in the last file with <c>aof-load-truncated yes</c> and
/// removed from it: back to the last whole command, or to the MULTI whose EXEC is missing.
/// </summary>
internal sealed class AofLoader(RedisServer server, IDisk disk)
{
    private readonly RespReader _reader = new();
    private RedisClient _client = null!;
    private string _name = "";

    /// <summary>Opens a file that the manifest names. Throws with Redis' words where that fails.</summary>
    public static IDiskFile Open(IDisk disk, string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        try
        {
            return disk.Open(path, DiskOpen.Existing);
        }
        catch (FileNotFoundException)
        {
            throw new InvalidDataException($"Unable to obtain the AOF file {name} length. stat: No such file or directory");
        }
        catch (IOException e)
        {
            throw new IOException($"Fatal error: can't open the append log file {name} for reading: {DiskError.TextOf(e)}", e.HResult);
        }
    }

    /// <summary>Replays one file. Throws <see cref="InvalidDataException"/> with Redis' words when it is damaged.</summary>
    public void Load(string path, bool isLast)
    {
        _name = path[(path.LastIndexOf('/') + 1)..];
        using var file = Open(disk, path);
        if (IsRdb(file))
        {
            new RdbLoader(server).Load(disk, path);
            return;
        }
        var output = new OutputBuffer();
        _client = new RedisClient(0, null, output, server.Databases[0]);
        _client.Reply.IsMuted = true;
        server.IsLoading = true;
        var good = Replay(file);
        server.IsLoading = false;
        if (good == file.Length)
            return;
        if (!isLast || !server.Options.AofLoadTruncated)
            throw new InvalidDataException($"Unexpected end of file reading the append only file {_name}. You can: 1) Make a backup "
                + $"of your AOF file, then use ./redis-check-aof --fix <filename.manifest>. 2) Alternatively you can set the "
                + $"'aof-load-truncated' configuration option to yes and restart the server.");
        Warn($"!!! Warning: short read while loading the AOF file {_name}!!!");
        Warn($"!!! Truncating the AOF {_name} at offset {good} !!!");
        if (Bug.IsPlanted("redis/torn-tail-left-in-place"))
            return;
        CutAt(file, good);
        Warn($"AOF {_name} loaded anyway because aof-load-truncated is enabled");
    }


    private void CutAt(IDiskFile file, long length)
    {
        try
        {
            file.SetLength(length);
            file.Sync();
        }
        catch (IOException e)
        {
            throw new IOException($"Error truncating the AOF file {_name}: {DiskError.TextOf(e)}", e.HResult);
        }
    }

    private int Read(IDiskFile file, long offset, Span<byte> buffer)
    {
        try
        {
            return file.Read(offset, buffer);
        }
        catch (IOException e)
        {
            throw new IOException($"Unrecoverable error reading the append only file {_name}: {DiskError.TextOf(e)}", e.HResult);
        }
    }

    private void Warn(string line) => server.Context.Log.Write(LogSeverity.Warning, line);

    private bool IsRdb(IDiskFile file)
    {
        Span<byte> head = stackalloc byte[5];
        return Read(file, 0, head) == head.Length && head.SequenceEqual("REDIS"u8);
    }

    // Returns the position behind the last command that counts.
    private long Replay(IDiskFile file)
    {
        var buffer = new byte[64 * 1024];
        long start = 0, good = 0;
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
                Array.Resize(ref buffer, checked(buffer.Length * 2));
            var read = Read(file, start + length, buffer.AsSpan(length));
            length += read;
            var taken = 0;
            while (_reader.Read(buffer.AsSpan(taken, length - taken), out var one) is var found and not RespParse.NeedMore)
            {
                // Something that does not begin like a command is damage in the middle, not a torn tail, unless it is all zeros.
                if (found == RespParse.Fault || buffer[taken] != (byte)'*')
                {
                    if (IsZeros(buffer.AsSpan(taken, length - taken)))
                        return good;
                    throw new InvalidDataException($"Bad file format reading the append only file {_name}: make a backup of your AOF "
                        + $"file, then use ./redis-check-aof --fix <filename.manifest>");
                }
                if (found == RespParse.Command)
                    Execute(buffer.AsSpan(taken, one));
                taken += one;
                if (_client.Multi is null || Bug.IsPlanted("redis/half-a-transaction-kept"))
                    good = start + taken;
            }
            buffer.AsSpan(taken, length - taken).CopyTo(buffer);
            start += taken;
            length -= taken;
            if (read == 0)
                return good;
        }
    }

    private void Execute(ReadOnlySpan<byte> command)
    {
        var name = command.Slice(_reader.Slices[0].Start, _reader.Slices[0].Length);
        if (RedisCommands.IndexOf(name) < 0)
            throw new InvalidDataException($"Unknown command '{System.Text.Encoding.ASCII.GetString(name)}' "
                + $"reading the append only file {_name}");
        server.Dispatcher.Process(_client, command, _reader.Slices);
    }

    private static bool IsZeros(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept((byte)0) < 0;
}
