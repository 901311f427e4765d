using System.Globalization;

namespace Microcosm.Redis;

/// <summary>DEBUG, as far as tests of the server need it.</summary>
internal static class Debug
{
    private const RedisCommandFlags Flags = RedisCommandFlags.Admin | RedisCommandFlags.NoScript | RedisCommandFlags.Loading
        | RedisCommandFlags.Stale;

    [RedisCommand("DEBUG", -2, Flags = Flags, Group = "server", Summary = "A container for debugging commands",
        Complexity = "Depends on subcommand.")]
    public static void Container(ref RedisCall call) => call.Reply.Error(RedisErrors.WrongArity("DEBUG"));

    [RedisCommand("DEBUG|SET-ACTIVE-EXPIRE", 3, Flags = Flags, Group = "server", Summary = "Switches the active expiry of keys",
        Complexity = "O(1)")]
    public static void SetActiveExpire(ref RedisCall call)
    {
        call.Server.Options.ActiveExpire = !call[2].SequenceEqual("0"u8);
        call.Server.ScheduleExpiry();
        call.Reply.Ok();
    }

    [RedisCommand("DEBUG|JMAP", 2, Flags = Flags, Group = "server",
        Summary = "Accepted and without effect, as on a server without that allocator", Complexity = "O(1)")]
    public static void JMap(ref RedisCall call) => call.Reply.Ok();

    [RedisCommand("DEBUG|OBJECT", -3, Flags = Flags, FirstKey = 2, LastKey = 2, KeyStep = 1, Group = "server",
        Summary = "Shows low-level information about a key", Complexity = "O(1)")]
    public static void Object(ref RedisCall call)
    {
        var entry = call.Db.Peek(call[2]);
        if (entry.IsMissing)
        {
            call.Reply.Error(RedisErrors.NoSuchKey);
            return;
        }
        var idle = ((uint)(call.NowMs / 1000) - entry.Lru) & 0xffffff;
        call.Reply.Simple(string.Create(CultureInfo.InvariantCulture,
            $"Value at:0x7f0000000000 refcount:1 encoding:{entry.Encoding} serializedlength:{entry.MemoryBytes} lru:{entry.Lru} "
                + $"lru_seconds_idle:{idle}"));
    }

    [RedisCommand("DEBUG|RELOAD", -2, Flags = Flags, Group = "server",
        Summary = "Saves all keys and reads them in again: RELOAD [MERGE] [NOFLUSH] [NOSAVE]", Complexity = "O(N)")]
    public static void Reload(ref RedisCall call)
    {
        var (save, flush, merge) = (true, true, false);
        for (var i = 2; i < call.Count; i++)
        {
            if (call.Is(i, "MERGE"u8))
                merge = true;
            else if (call.Is(i, "NOFLUSH"u8))
                flush = false;
            else if (call.Is(i, "NOSAVE"u8))
                save = false;
            else
            {
                call.Reply.Error("ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.");
                return;
            }
        }
        Answer(ref call, call.Server.Persistence!.Reload(save, flush, merge));
    }

    [RedisCommand("DEBUG|LOADAOF", 2, Flags = Flags, Group = "server", Summary = "Reads the append-only file anew", Complexity = "O(N)")]
    public static void LoadAof(ref RedisCall call) => Answer(ref call, call.Server.Persistence!.ReloadAppendOnlyFile());

    [RedisCommand("DEBUG|SLEEP", 3, Flags = Flags, Group = "server", Summary = "Stops the server for so many seconds", Complexity = "O(1)")]
    public static void Sleep(ref RedisCall call)
    {
        if (!call.TryDouble(2, out var seconds))
            return;
        call.Reply.Ok();
        call.Server.Hold(call.Client, (int)Math.Clamp(seconds * 1000, 0, int.MaxValue));
    }

    private static void Answer(ref RedisCall call, string? error)
    {
        call.PropagateNothing();
        if (error is null)
            call.Reply.Ok();
        else
            call.Reply.Error(error);
    }

    [RedisCommand("DEBUG|QUICKLIST-PACKED-THRESHOLD", 3, Flags = Flags, Group = "server",
        Summary = "Sets the size above which a list element gets a node of its own", Complexity = "O(1)")]
    public static void PackedThreshold(ref RedisCall call)
    {
        if (!OptionText.TryMemory(call.Text(2), out var bytes) || bytes > Listpack.TotalBytesMax)
        {
            call.Reply.Error("ERR argument must be a memory value bigger than 1 and smaller than 4gb");
            return;
        }
        call.Server.Options.Encodings.ListPackedThreshold = bytes == 0 ? 1 << 30 : (int)bytes;
        call.Reply.Ok();
    }
}
