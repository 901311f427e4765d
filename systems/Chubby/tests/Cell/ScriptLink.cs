using System.Globalization;
using System.Text;
using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell.Tests;

/// <summary>One session of a script on the bare protocol: a line's words become a call's fields, its reply words again.</summary>
internal sealed class ScriptLink(MemberLink link)
{
    private readonly Dictionary<string, Sequencer> _sequencers = [];
    private long _session;
    private long _epoch;
    private long _taken;

    public Task<string> AskAsync(string line, Dictionary<string, Sequencer> shared)
    {
        foreach (var (name, sequencer) in shared)
            _sequencers[name] = sequencer;
        var words = line.Split(' ');
        return words[0] switch
        {
            "OpenSession" => OpenSessionAsync(),
            "KeepAlive" => KeepAliveAsync(),
            "GetSequencer" => GetSequencerAsync(words, shared),
            _ => CallAsync(words),
        };
    }

    private async Task<string> OpenSessionAsync()
    {
        var reply = (await link.CallAsync(CallNumber.OpenSession, 0, 0, []))!;
        if (reply.Error != ChubbyError.Ok)
            return reply.Error.ToString();
        var fields = new JuteReader(reply.Fields);
        (_session, _epoch) = (fields.Long(), reply.Epoch);
        return $"lease {fields.Int()}ms";
    }

    private async Task<string> KeepAliveAsync()
    {
        var reply = (await CallAsync(CallNumber.KeepAlive, w => w.Long(_taken)))!;
        if (reply.Error != ChubbyError.Ok)
            return reply.Error.ToString();
        var fields = new JuteReader(reply.Fields);
        var text = new StringBuilder($"lease {fields.Int()}ms");
        fields.Long();
        for (var left = fields.Count(24); left > 0; left--)
        {
            _taken = fields.Long();
            var (handle, kind, about) = (fields.Long(), (ChubbyEvents)fields.Int(), fields.String());
            text.Append(kind == ChubbyEvents.None ? $"\nforget {about}" : $"\n{handle} {kind} {about}".TrimEnd());
        }
        return text.ToString();
    }

    private async Task<string> GetSequencerAsync(string[] words, Dictionary<string, Sequencer> shared)
    {
        var reply = (await CallAsync(CallNumber.GetSequencer, w => w.Long(Number(words[1]))))!;
        if (reply.Error != ChubbyError.Ok)
            return reply.Error.ToString();
        var fields = new JuteReader(reply.Fields);
        var sequencer = shared[words[2]] = CellCodec.ReadSequencer(ref fields);
        return $"{sequencer.Mode} {sequencer.Generation} {sequencer.Path}";
    }

    private async Task<string> CallAsync(string[] words)
    {
        var (number, write, read) = Form(words);
        var reply = await CallAsync(number, write);
        return reply is null ? "closed" : reply.Error == ChubbyError.Ok ? read(reply.Fields) : reply.Error.ToString();
    }

    private Task<CallReply?> CallAsync(int number, Action<JuteWriter> write)
    {
        var writer = new JuteWriter();
        write(writer);
        return link.CallAsync(number, _session, _epoch, writer.Written);
    }

    private (int Number, Action<JuteWriter> Write, Func<byte[], string> Read) Form(string[] words)
    {
        static string Done(byte[] fields) => "ok";
        void Handle(JuteWriter w) => w.Long(Number(words[1]));
        return words[0] switch
        {
            "CloseSession" => (CallNumber.CloseSession, _ => { }, Done),
            "Open" => (CallNumber.Open, w => Opening(words, FileModes.None).WriteTo(w), Opened),
            "Create" => (CallNumber.Create, w => Opening(words, FileModes.Create).WriteTo(w), Opened),
            "Close" => (CallNumber.Close, Handle, Done),
            "Acquire" => (CallNumber.Acquire, w => Locking(words, w), f => $"generation {new JuteReader(f).Long()}"),
            "TryAcquire" => (CallNumber.TryAcquire, w => Locking(words, w), f => $"generation {new JuteReader(f).Long()}"),
            "Release" => (CallNumber.Release, Handle, Done),
            "SetSequencer" => (CallNumber.SetSequencer, w =>
            {
                Handle(w);
                CellCodec.Write(w, _sequencers[words[2]]);
            }, Done),
            "CheckSequencer" => (CallNumber.CheckSequencer, w => CellCodec.Write(w, _sequencers[words[1]]), Done),
            "GetContentsAndStat" => (CallNumber.GetContentsAndStat, Handle, Contents),
            "GetStat" => (CallNumber.GetStat, Handle, f => Stat(new JuteReader(f))),
            "ReadDir" => (CallNumber.ReadDir, Handle, Children),
            "SetContents" => (CallNumber.SetContents, w =>
            {
                Handle(w);
                w.Buffer(Encoding.UTF8.GetBytes(words[2]));
                w.Long(words.Length > 3 ? Number(words[3]) : -1);
            }, f => Stat(new JuteReader(f))),
            "SetACL" => (CallNumber.SetAcl, w =>
            {
                Handle(w);
                w.Acl(AclText.Parse([new FileAcl("world", "anyone", words[2])]));
            }, Done),
            "Delete" => (CallNumber.Delete, Handle, Done),
            "Number" => ((int)Number(words[1]), _ => { }, Done),
            "Broken" => (CallNumber.Release, w => w.Int(1), Done),
            var name => throw new InvalidDataException($"no call '{name}'"),
        };
    }

    // Open HANDLE PATH [Modes,…] [events=Kind,…] [delay=MS] [contents=TEXT]
    private static OpenFile Opening(string[] words, FileModes more)
    {
        string Option(string name) => words.FirstOrDefault(w => w.StartsWith(name, StringComparison.Ordinal))?[name.Length..] ?? "";
        var modes = words.Length > 3 && !words[3].Contains('=') ? Enum.Parse<FileModes>(words[3]) : FileModes.Read | FileModes.Write;
        var events = Option("events=") is { Length: > 0 } asked ? Enum.Parse<ChubbyEvents>(asked) : ChubbyEvents.None;
        var delay = Option("delay=") is { Length: > 0 } ms ? (int)Number(ms) : 0;
        return new OpenFile(0, 0, Number(words[1]), words[2], modes | more, events, delay, Encoding.UTF8.GetBytes(Option("contents=")), []);
    }

    private static void Locking(string[] words, JuteWriter w)
    {
        w.Long(Number(words[1]));
        w.Int((int)Enum.Parse<LockMode>(words[2]));
    }

    private static string Opened(byte[] fields)
    {
        var reader = new JuteReader(fields);
        return (reader.Bool() ? "new " : "there ") + Stat(reader);
    }

    private static string Contents(byte[] fields)
    {
        var reader = new JuteReader(fields);
        var mayCache = reader.Bool();
        var stat = CellCodec.ReadStat(ref reader);
        return $"'{Encoding.UTF8.GetString(reader.Buffer()!)}' {Text(stat)}{(mayCache ? " cacheable" : "")}";
    }

    private static string Children(byte[] fields)
    {
        var reader = new JuteReader(fields);
        var lines = new List<string>();
        for (var left = reader.Count(45); left > 0; left--)
            lines.Add($"{reader.String()} {Text(CellCodec.ReadStat(ref reader))}");
        return lines.Count == 0 ? "nothing" : string.Join('\n', lines);
    }

    private static string Stat(JuteReader reader) => Text(CellCodec.ReadStat(ref reader));

    private static string Text(FileStat stat) => $"[c{stat.ContentGeneration} l{stat.LockGeneration} a{stat.AclGeneration} {stat.Length}B"
        + (stat.IsDirectory ? " directory" : "") + (stat.IsEphemeral ? " ephemeral" : "") + "]";

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
