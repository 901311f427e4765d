namespace Microcosm.Specimen;

/// <summary><c>GET key</c>: answers <c>VALUE value</c>, or <c>NONE</c>.</summary>
internal static class Get
{
    [SpecimenOperation("GET", 2)]
    public static void Execute(SpecimenCall call) => call.Reply(call.Table.Find(call[1]) is { } value ? "VALUE " + value : "NONE");
}
