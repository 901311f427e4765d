using System.Globalization;
using System.Text;

namespace Microcosm.Chubby.Tests;

/// <summary>A line of a script, made into a request: <c>Create /a x seq acl=world:anyone:cr</c>.</summary>
internal sealed class ScriptRequest(string line)
{
    private static readonly string[] Creates = ["Create", "Create2", "CreateContainer", "CreateTTL"];

    private readonly string[] _words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The operation as contract.txt names it.</summary>
    public string Name => _words[0];

    /// <summary>Its number; <c>Raw 99</c> names one that has no operation.</summary>
    public int Type => Name == "Raw" ? int.Parse(_words[1], CultureInfo.InvariantCulture) : TypeOf(Name);

    public bool Has(string flag) => _words.Contains(flag);

    public string? Value(string name) =>
        _words.FirstOrDefault(w => w.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    public long Number(string name, long otherwise) =>
        Value(name) is { } value ? long.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>The request's fields.</summary>
    public void Write(JuteWriter writer)
    {
        switch (Name)
        {
            case "Multi" or "MultiRead":
                WriteParts(writer);
                break;
            case "SetWatches" or "SetWatches2":
                writer.Long(Number("zxid", 0));
                foreach (var list in (string[])["data", "exist", "child"])
                    writer.Strings(Paths(list));
                if (Name == "SetWatches2")
                {
                    writer.Strings(Paths("persistent"));
                    writer.Strings(Paths("recursive"));
                }
                break;
            case "Auth":
                writer.Int(0);
                writer.String(_words[1]);
                writer.Buffer(Encoding.UTF8.GetBytes(_words[2]));
                break;
            case "Reconfig":
                writer.StringOrNull(Value("joining"));
                writer.StringOrNull(Value("leaving"));
                writer.StringOrNull(Value("members"));
                writer.Long(Number("from", -1));
                break;
            case "Sasl":
                writer.Buffer([]);
                break;
            case "Raw":
                writer.Bytes(Convert.FromHexString(Value("hex") ?? ""));
                break;
            case "Ping" or "WhoAmI" or "CloseSession":
                break;
            default:
                WriteOne(writer);
                break;
        }
    }

    private static int TypeOf(string name) =>
        ZooKeeperOperations.All[ZooKeeperOperations.IndexOf(Encoding.ASCII.GetBytes(name))].Declaration.Type;

    private void WriteOne(JuteWriter writer)
    {
        var path = _words[1] == "''" ? "" : _words[1];
        writer.String(path);
        switch (Name)
        {
            case var create when Creates.Contains(create):
                writer.Buffer(Encoding.UTF8.GetBytes(_words.Length > 2 ? _words[2] : ""));
                writer.Acl(Acl(Value("acl") ?? "world:anyone:cdrwa"));
                writer.Int((int)Number("flags", Flags()));
                if (Name == "CreateTTL")
                    writer.Long(Number("ttl", 1000));
                break;
            case "Delete" or "Check":
                writer.Int(Version(2));
                break;
            case "SetData":
                writer.Buffer(Encoding.UTF8.GetBytes(_words[2]));
                writer.Int(Version(3));
                break;
            case "SetACL":
                writer.Acl(Acl(_words[2]));
                writer.Int(Version(3));
                break;
            case "Exists" or "GetData" or "GetChildren" or "GetChildren2":
                writer.Bool(Has("watch"));
                break;
            case "AddWatch":
                writer.Int((int)Number("mode", Has("recursive") ? 1 : 0));
                break;
            case "RemoveWatches" or "CheckWatches":
                writer.Int((int)Number("type", 3));
                break;
        }
    }

    private int Flags() => Name switch
    {
        "CreateContainer" => 4,
        "CreateTTL" => Has("seq") ? 6 : 5,
        _ => (Has("ephemeral") ? 1 : 0) + (Has("seq") ? 2 : 0),
    };

    private int Version(int at) => _words.Length > at ? int.Parse(_words[at], CultureInfo.InvariantCulture) : -1;

    private string[] Paths(string name) => Value(name)?.Split(',') ?? [];

    // Parts stand between semicolons.
    private void WriteParts(JuteWriter writer)
    {
        foreach (var part in line[Name.Length..].Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var request = new ScriptRequest(part);
            writer.Int(request.Type);
            writer.Bool(false);
            writer.Int(-1);
            request.Write(writer);
        }
        writer.Int(-1);
        writer.Bool(true);
        writer.Int(-1);
    }

    private static AclEntry[] Acl(string text) => text == "none" ? [] : [.. text.Split(',').Select(entry =>
    {
        var (first, last) = (entry.IndexOf(':'), entry.LastIndexOf(':'));
        var letters = entry[(last + 1)..];
        var permissions = "rwcda".Index().Where(l => letters.Contains(l.Item)).Aggregate(0, (sum, l) => sum | (1 << l.Index));
        return new AclEntry((Permissions)permissions, entry[..first], entry[(first + 1)..last]);
    })];
}
