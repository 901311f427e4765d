using System.Globalization;
using System.Text;

namespace Microcosm.Chubby.Tests;

/// <summary>A reply in words. Times are left out; zxids are shown by their count.</summary>
internal static class ReplyText
{
    public static string Of(ScriptRequest request, ZooKeeperReply reply)
    {
        if (reply.Error != ZooError.Ok)
            return reply.Body.Length == 0 ? reply.Error.ToString() : $"{reply.Error} with {reply.Body.Length} bytes";
        var reader = new JuteReader(reply.Body);
        var text = request.Name is "Multi" or "MultiRead" ? Parts(ref reader) : Body(request.Name, ref reader);
        return reader.Remaining == 0 ? text : $"{text} and {reader.Remaining} more bytes";
    }

    private static string Body(string name, ref JuteReader reader) => name switch
    {
        "Create" or "Sync" => reader.String(),
        "Create2" or "CreateContainer" or "CreateTTL" => reader.String() + " " + Stat(ref reader),
        "GetData" or "Reconfig" => Text(reader.Buffer()) + " " + Stat(ref reader),
        "SetData" or "SetACL" or "Exists" => Stat(ref reader),
        "GetChildren" or "GetEphemerals" => List(reader.Strings()),
        "GetChildren2" => List(reader.Strings()) + " " + Stat(ref reader),
        "GetACL" => Acl(reader.Acl()) + " " + Stat(ref reader),
        "GetAllChildrenNumber" or "AddWatch" => reader.Int().ToString(CultureInfo.InvariantCulture),
        "WhoAmI" => Identities(ref reader),
        _ => "ok",
    };

    private static string Parts(ref JuteReader reader)
    {
        var parts = new List<string>();
        while (true)
        {
            var (type, isEnd, error) = (reader.Int(), reader.Bool(), reader.Int());
            if (isEnd)
                return parts.Count == 0 ? "nothing" : string.Join(" ; ", parts);
            if (type == OpCode.Error)
            {
                Assert.Equal(error, reader.Int());
                parts.Add(((ZooError)error).ToString());
                continue;
            }
            var name = ZooKeeperOperations.Find(type)!.Declaration.Name;
            parts.Add(Body(name, ref reader));
        }
    }

    private static string Stat(ref JuteReader reader)
    {
        var (created, modified) = (reader.Long(), reader.Long());
        _ = reader.Long();
        _ = reader.Long();
        var (version, cversion, aversion) = (reader.Int(), reader.Int(), reader.Int());
        var (owner, length, children, changed) = (reader.Long(), reader.Int(), reader.Int(), reader.Long());
        var lifetime = NodeLifetime.Of(owner);
        var lives = lifetime.Kind switch
        {
            LifetimeKind.Persistent => "",
            LifetimeKind.Ttl => $" ttl={lifetime.Value}",
            _ => " " + lifetime.Kind.ToString().ToLowerInvariant(),
        };
        return string.Create(CultureInfo.InvariantCulture,
            $"[v{version} c{cversion} a{aversion} z{(uint)created}/{(uint)modified}/{(uint)changed} {length}B {children} children{lives}]");
    }

    private static string Text(byte[]? data) => data is null ? "null" : $"'{Encoding.UTF8.GetString(data).Replace('\n', '|')}'";

    private static string List(string[] names) => "{" + string.Join(", ", names) + "}";

    private static string Acl(AclEntry[] acl) =>
        string.Join(',', acl.Select(a => $"{a.Scheme}:{a.Id}:{Letters(a.Permissions)}"));

    private static string Letters(Permissions permissions) =>
        string.Concat("rwcda".Where((_, i) => ((int)permissions & (1 << i)) != 0));

    private static string Identities(ref JuteReader reader)
    {
        var all = new List<string>();
        for (var left = reader.Count(8); left > 0; left--)
            all.Add(reader.String() + ":" + reader.String());
        return string.Join(", ", all);
    }
}
