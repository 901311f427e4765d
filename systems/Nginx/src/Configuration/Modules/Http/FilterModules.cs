using static Microcosm.Nginx.HttpContexts;

namespace Microcosm.Nginx;

/// <summary>Filters of bodies: sub_filter, addition, slice; and mirror.</summary>
internal static class FilterModules
{
    private const int SubPatternsMax = 255;

    public static readonly Module SubModule = new("http_sub_module", Contexts.Http);
    public static readonly Module AdditionModule = new("http_addition_module", Contexts.Http);
    public static readonly Module SliceModule = new("http_slice_module", Contexts.Http);
    public static readonly Module MirrorModule = new("http_mirror_module", Contexts.Http);

    /// <summary>What is looked for (small letters) and what comes in its place.</summary>
    public static readonly Setting<IReadOnlyList<(ComplexValue Match, ComplexValue Value)>> SubFilter = new("sub_filter", []);

    public static readonly Setting<TypeSet> SubFilterTypes = TypesDirective.DeclareSet(SubModule, "sub_filter_types", All, "text/html");
    public static readonly Setting<bool> SubFilterOnce = SubModule.Flag("sub_filter_once", All, true);
    public static readonly Setting<bool> SubFilterLastModified = SubModule.Flag("sub_filter_last_modified", All);

    public static readonly Setting<string?> AddBeforeBody = AdditionModule.Text("add_before_body", All, "");
    public static readonly Setting<string?> AddAfterBody = AdditionModule.Text("add_after_body", All, "");
    public static readonly Setting<TypeSet> AdditionTypes = TypesDirective.DeclareSet(AdditionModule, "addition_types", All, "text/html");

    /// <summary>Bytes of a part; 0 for off.</summary>
    public static readonly Setting<long> Slice = SliceModule.Size("slice", All);

    public static readonly Setting<IReadOnlyList<string>> Mirror = new("mirror", []);
    public static readonly Setting<bool> MirrorRequestBody = MirrorModule.Flag("mirror_request_body", All, true);

    static FilterModules()
    {
        SubModule.Custom("sub_filter", All, Arity.Two, call =>
        {
            if (call[1].Length == 0)
                throw call.Error("empty search pattern");
            if (call.Level.TryGetOwn(SubFilter, out var pairs) && pairs.Count == SubPatternsMax)
                throw call.Error($"number of search patterns exceeds {SubPatternsMax}");
            call.Level.Add(SubFilter, (ComplexValue.Compile(Latin1.Lower(call[1]), call.Variables), call.Value(2)));
        });
        MirrorModule.Custom("mirror", All, Arity.One, call =>
        {
            var isOff = call[1] == "off";
            if (call.Level.TryGetOwn(Mirror, out var own) && (isOff || own is string[]))
                throw call.Refuse("is duplicate");
            if (isOff)
                call.Level.Set<IReadOnlyList<string>>(Mirror, Array.Empty<string>());
            else
                call.Level.Add(Mirror, call[1]);
        });
    }
}
