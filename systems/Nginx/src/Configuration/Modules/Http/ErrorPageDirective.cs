namespace Microcosm.Nginx;

/// <summary><c>error_page</c>.</summary>
internal static class ErrorPageDirective
{
    // nginx' own statuses that clients see as 400 unless a page says otherwise.
    private static readonly int[] SeenAs400 = [494, 495, 496, 497];

    public static Setting<IReadOnlyList<ErrorPage>> Declare(Module module, Contexts contexts)
    {
        var setting = new Setting<IReadOnlyList<ErrorPage>>("error_page", []);
        module.Custom("error_page", contexts, Arity.TwoOrMore, call => Read(call, setting));
        return setting;
    }

    private static void Read(DirectiveCall call, Setting<IReadOnlyList<ErrorPage>> setting)
    {
        var codes = call.Count - 1;
        var overwrite = -1;
        var answer = call[codes];
        if (answer.StartsWith('='))
        {
            if (codes == 1)
                throw call.Error($"invalid value \"{answer}\"");
            overwrite = answer.Length == 1 ? 0 : (int)(Measures.Number(answer.AsSpan(1))
                ?? throw call.Error($"invalid value \"{answer}\""));
            codes--;
        }
        var (uri, arguments) = (call[call.Count], "");
        var value = call.Value(call.Count);
        if (value.IsLiteral && uri.StartsWith('/') && uri.IndexOf('?') is >= 0 and var question)
            (value, arguments) = (ComplexValue.OfLiteral(uri[..question]), uri[(question + 1)..]);
        for (var i = 1; i <= codes; i++)
        {
            if (Measures.Number(call[i]) is not (not 499 and { } status))
                throw call.Error($"invalid value \"{call[i]}\"");
            if (status is < 300 or > 599)
                throw call.Error($"value \"{call[i]}\" must be between 300 and 599");
            var seenAs = overwrite == -1 && SeenAs400.Contains((int)status) ? 400 : overwrite;
            call.Level.Add(setting, new ErrorPage((int)status, seenAs, value, arguments));
        }
    }
}
