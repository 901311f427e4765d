using static Microcosm.Nginx.Contexts;

namespace Microcosm.Nginx;

/// <summary>rewrite, if, return, set, break.</summary>
internal static class RewriteModule
{
    private const Contexts Places = Server | Location | ServerIf | LocationIf;

    public static readonly Module Module = new("http_rewrite_module", Contexts.Http);

    public static readonly Setting<bool> RewriteLog = Module.Flag("rewrite_log", Contexts.Http | Places);
    public static readonly Setting<bool> UninitializedVariableWarn =
        Module.Flag("uninitialized_variable_warn", Contexts.Http | Places, true);

    static RewriteModule()
    {
        Module.Custom("rewrite", Places, Arity.TwoOrThree, Rewrite);
        Module.Custom("return", Places, Arity.OneOrTwo, Return);
        Module.Custom("break", Places, Arity.None, call => Steps(call).Add(new RewriteStep.Break()));
        Module.Custom("set", Places, Arity.Two, Set);
        Module.Block("if", Server | Location, Arity.OneOrMore, If);
    }

    private static List<RewriteStep> Steps(DirectiveCall call) => call.Level.Location!.Steps;

    private static bool IsUrl(string text) => text.StartsWith("http://", StringComparison.Ordinal)
        || text.StartsWith("https://", StringComparison.Ordinal) || text.StartsWith("$scheme", StringComparison.Ordinal);

    private static void Rewrite(DirectiveCall call)
    {
        var replacement = call[2];
        if (replacement.Length == 0)
            throw call.Error("empty replacement");
        var pattern = VariablePattern.Compile(call[1], ignoreCase: false, call.Variables);
        var adds = !replacement.EndsWith('?');
        if (!adds)
            replacement = replacement[..^1];
        var (status, last, isBreak) = IsUrl(replacement) ? (302, true, false) : (0, false, false);
        if (call.Count == 3)
        {
            (status, last, isBreak) = call[3] switch
            {
                "last" => (status, true, false),
                "break" => (status, true, true),
                "redirect" => (302, true, false),
                "permanent" => (301, true, false),
                _ => throw call.InvalidParameter(call[3]),
            };
        }
        // A redirect's URL is one value; otherwise the first question mark begins the new arguments.
        var question = status == 0 ? replacement.IndexOf('?') : -1;
        var path = ComplexValue.Compile(question < 0 ? replacement : replacement[..question], call.Variables);
        var arguments = question < 0 ? null : ComplexValue.Compile(replacement[(question + 1)..], call.Variables);
        Steps(call).Add(new RewriteStep.Rewrite(pattern, path, arguments, adds, status, last, isBreak));
    }

    private static void Return(DirectiveCall call)
    {
        var code = Measures.Number(call[1]);
        if (code is null && call.Count == 1 && IsUrl(call[1]))
        {
            Steps(call).Add(new RewriteStep.Return(302, call.Value(1)));
            return;
        }
        if (code is null or > 999)
            throw call.Error($"invalid return code \"{call[1]}\"");
        Steps(call).Add(new RewriteStep.Return((int)code.Value, call.Count == 1 ? null : call.Value(2)));
    }

    private static void Set(DirectiveCall call)
    {
        if (!call[1].StartsWith('$'))
            throw call.Error($"invalid variable name \"{call[1]}\"");
        var variable = call.Variables.Assign(call[1][1..]);
        Steps(call).Add(new RewriteStep.Set(variable, call.Value(2)));
    }

    private static void If(DirectiveCall call)
    {
        var outer = call.Level.Location!;
        var context = outer.Kind == LocationKind.Server ? ServerIf : LocationIf;
        var condition = RewriteConditions.Read(call);
        var block = new LocationDraft(outer, outer.Name, LocationKind.If, new Level(call.Level, context)) { Place = call.Loader.Place };
        outer.Steps.Add(new RewriteStep.If(condition, block));
        HttpBlockModule.Read(call, outer, block, context);
    }
}
