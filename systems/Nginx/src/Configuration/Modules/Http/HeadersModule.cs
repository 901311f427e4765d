using static Microcosm.Nginx.HttpContexts;

namespace Microcosm.Nginx;

/// <summary>add_header, add_trailer, expires.</summary>
internal static class HeadersModule
{
    public static readonly Module Module = new("http_headers_module", Contexts.Http);

    public static readonly Setting<IReadOnlyList<AddedHeader>> AddHeader = Declare("add_header");
    public static readonly Setting<IReadOnlyList<AddedHeader>> AddTrailer = Declare("add_trailer");
    public static readonly Setting<HeadersInherit> AddHeaderInherit =
        Module.Choice("add_header_inherit", AllIf, HeadersInherit.On, "off", "on", "merge");
    public static readonly Setting<HeadersInherit> AddTrailerInherit =
        Module.Choice("add_trailer_inherit", AllIf, HeadersInherit.On, "off", "on", "merge");
    public static readonly Setting<Expires> Expires = new("expires", new Expires(ExpiresKind.Off, 0, null));

    static HeadersModule() => Module.Custom("expires", AllIf, Arity.OneOrTwo, call =>
    {
        call.Once(Expires);
        if (call.Count == 2 && call[1] != "modified")
            throw call.Refuse("invalid value");
        var kind = call.Count == 2 ? ExpiresKind.Modified : ExpiresKind.Access;
        var value = call.Value(call.Count);
        call.Level.Set(Expires, value.IsLiteral
            ? Nginx.Expires.Parse(call[call.Count], kind, out var error) ?? throw call.Refuse(error)
            : new Expires(kind, 0, value));
    });

    /// <summary>The headers that hold on a level: its own, those around it, or both, as <c>…_inherit</c> says.</summary>
    public static IReadOnlyList<AddedHeader> HeadersOf(
        Level level, Setting<IReadOnlyList<AddedHeader>> setting, Setting<HeadersInherit> inherit)
    {
        var own = level.TryGetOwn(setting, out var headers) ? headers : [];
        var outer = level.Outer;
        return (outer is null ? HeadersInherit.Off : level.Get(inherit)) switch
        {
            HeadersInherit.Merge => [.. HeadersOf(outer!, setting, inherit), .. own],
            HeadersInherit.On => own.Count > 0 ? own : HeadersOf(outer!, setting, inherit),
            _ => own,
        };
    }

    private static Setting<IReadOnlyList<AddedHeader>> Declare(string name)
    {
        var setting = new Setting<IReadOnlyList<AddedHeader>>(name, []);
        Module.Custom(name, AllIf, Arity.TwoOrThree, call =>
        {
            var value = call.Value(2);
            if (call.Count == 3 && call[3] != "always")
                throw call.InvalidParameter(call[3]);
            call.Level.Add(setting, new AddedHeader(call[1], value, call.Count == 3));
        });
        return setting;
    }
}
