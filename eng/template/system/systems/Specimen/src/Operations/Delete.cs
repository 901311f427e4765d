namespace Microcosm.Specimen;

/// <summary><c>DEL key</c>: answers <c>OK</c>, or <c>NONE</c> where there was nothing.</summary>
internal static class Delete
{
    [SpecimenOperation("DEL", 2)]
    public static void Execute(SpecimenCall call)
    {
        if (call.Table.Find(call[1]) is null)
            call.Reply("NONE");
        else if (!call.Refuses(new Change(call[1], null)))
            call.Reply("OK");
    }
}
