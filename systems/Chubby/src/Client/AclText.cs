namespace Microcosm.Chubby.Client;

/// <summary>ACL lines of the public API as the tree has them.</summary>
internal static class AclText
{
    public static AclEntry[] Parse(IReadOnlyList<FileAcl> acl) => [.. acl.Select(a => new AclEntry(Parse(a.Allows), a.Scheme, a.Id))];

    private static Permissions Parse(string letters)
    {
        var permissions = Permissions.None;
        foreach (var letter in letters)
        {
            permissions |= letter switch
            {
                'r' => Permissions.Read,
                'w' => Permissions.Write,
                'c' => Permissions.Create,
                'd' => Permissions.Delete,
                'a' => Permissions.Admin,
                _ => throw new ArgumentException($"'{letter}' in '{letters}' is none of rwcda"),
            };
        }
        return permissions;
    }
}
