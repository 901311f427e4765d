using static Microcosm.Nginx.HttpContexts;

namespace Microcosm.Nginx;

/// <summary><c>root</c> and <c>alias</c>, two ways to say one thing.</summary>
internal static class RootDirective
{
    private static readonly string[] Forbidden = ["document_root", "realpath_root"];

    public static Setting<RootPath?> Declare(Module module)
    {
        var setting = new Setting<RootPath?>("root", null);
        module.Custom("root", AllIf, Arity.One, call => Read(call, setting, isAlias: false));
        module.Custom("alias", Contexts.Location, Arity.One, call => Read(call, setting, isAlias: true));
        return setting;
    }

    private static void Read(DirectiveCall call, Setting<RootPath?> setting, bool isAlias)
    {
        if (call.Level.TryGetOwn(setting, out var known) && known is not null)
        {
            if (known.IsAlias == isAlias)
                throw call.Refuse("is duplicate");
            throw call.Error(
                $"\"{call.Name}\" directive is duplicate, \"{(known.IsAlias ? "alias" : "root")}\" directive was specified earlier");
        }
        if (isAlias && call.Level.Location!.Kind == LocationKind.Named)
            throw call.Error("the \"alias\" directive cannot be used inside the named location");
        var path = call[1];
        foreach (var name in Forbidden)
        {
            if (path.Contains("$" + name) || path.Contains("${" + name + "}"))
                throw call.Error($"the ${name} variable cannot be used in the \"{call.Name}\" directive");
        }
        if (!isAlias && path.EndsWith('/'))
            path = path[..^1];
        if (!path.StartsWith('$'))
            path = call.Loader.Paths.FromPrefix(path);
        var replaced = isAlias && call.Level.Location is { Kind: not LocationKind.Pattern } location ? Latin1.Bytes(location.Name) : null;
        call.Level.Set(setting, new RootPath(ComplexValue.Compile(path, call.Variables), isAlias, replaced));
    }
}
