namespace Microcosm.Nginx;

/// <summary><c>valid_referers</c>.</summary>
internal static class RefererModule
{
    private const Contexts Places = Contexts.Server | Contexts.Location;

    public static readonly Module Module = new("http_referer_module", Contexts.Http);

    public static readonly Setting<ValidReferers?> ValidReferers = new("valid_referers", null);

    static RefererModule()
    {
        Module.Custom("valid_referers", Places, Arity.OneOrMore, Read);
        Module.Number("referer_hash_max_size", Places, 2048);
        Module.Number("referer_hash_bucket_size", Places, 64);
    }

    private static void Read(DirectiveCall call)
    {
        if (!call.Level.TryGetOwn(ValidReferers, out var referers) || referers is null)
            call.Level.Set(ValidReferers, referers = new ValidReferers());
        foreach (var word in call.Arguments)
        {
            switch (word)
            {
                case "":
                    throw call.Error($"invalid referer \"{word}\"");
                case "none":
                    referers.AllowsNone = true;
                    break;
                case "blocked":
                    referers.AllowsBlocked = true;
                    break;
                case "server_names":
                    referers.AllowsServerNames = true;
                    break;
                case "~":
                    throw call.Error($"empty regex in \"{word}\"");
                case ['~', .. var pattern]:
                    referers.Patterns.Add(BytePattern.Compile(pattern, ignoreCase: true));
                    break;
                default:
                    AddHost(call, word, referers);
                    break;
            }
        }
    }

    private static void AddHost(DirectiveCall call, string word, ValidReferers referers)
    {
        var slash = word.IndexOf('/');
        var host = slash < 0 ? word : word[..slash];
        switch (referers.AddHost(host, slash < 0 ? "" : word[slash..]))
        {
            case HostNameAdded.Invalid:
                throw call.Error($"invalid hostname or wildcard \"{host}\"");
            case HostNameAdded.Conflict:
                throw call.Error($"conflicting parameter \"{host}\"");
        }
    }
}
