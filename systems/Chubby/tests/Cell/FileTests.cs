using System.Text;
using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell.Tests;

public sealed class FileTests
{
    private readonly CoreCell _cell = new();

    [Fact]
    public void Open_makes_a_file_only_if_asked_to()
    {
        Assert.Equal(ChubbyError.NotFound, _cell.Open(1, 1, "/a").Error);
        Assert.True(_cell.Create(1, 1, "/a").IsNew);
        Assert.False(_cell.Create(2, 1, "/a").IsNew);
        Assert.Equal(ChubbyError.Exists, _cell.Create(2, 2, "/a", FileModes.Exclusive).Error);
        Assert.Equal(ChubbyError.NotFound, _cell.Create(2, 2, "/b/c").Error);
    }

    [Fact]
    public void Open_sent_twice_opens_once()
    {
        var first = _cell.Create(1, 1, "/a");
        var again = _cell.Create(1, 1, "/a");
        Assert.Equal((ChubbyError.Ok, first.Stat), (again.Error, again.Stat));
        Assert.Single(_cell.State.Files.Handles);
        Assert.Equal(ChubbyError.BadRequest, _cell.Create(1, 1, "/b").Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("/a/")]
    [InlineData("//a")]
    [InlineData("/a/../b")]
    [InlineData("/a\u0001")]
    public void Bad_names_are_refused(string name) => Assert.Equal(ChubbyError.BadName, _cell.Create(1, 1, name).Error);

    [Fact]
    public void A_new_file_of_a_name_has_a_greater_instance_number()
    {
        var first = _cell.Create(1, 1, "/a").Stat.Instance;
        _cell.Do(new DeleteFile(1, 1, 1));
        Assert.True(_cell.Create(1, 2, "/a").Stat.Instance > first);
    }

    [Fact]
    public void Contents_are_replaced_and_their_generation_grows()
    {
        _cell.Create(1, 1, "/a", contents: "one");
        var stat = _cell.Write(1, 1, "two").Stat;
        Assert.Equal((1L, 3), (stat.ContentGeneration, stat.Length));
        Assert.Equal("two", Encoding.UTF8.GetString(_cell.State.Tree.Find("/a")!.Data!));
        Assert.Equal(stat.Checksum, _cell.Write(1, 1, "two").Stat.Checksum);
        Assert.NotEqual(stat.Checksum, _cell.Write(1, 1, "three").Stat.Checksum);
    }

    [Fact]
    public void A_write_under_an_old_generation_is_refused()
    {
        _cell.Create(1, 1, "/a");
        Assert.Equal(ChubbyError.Ok, _cell.Write(1, 1, "x", 0).Error);
        Assert.Equal(ChubbyError.WrongGeneration, _cell.Write(1, 1, "y", 0).Error);
        Assert.Equal("x", Encoding.UTF8.GetString(_cell.State.Tree.Find("/a")!.Data!));
    }

    [Fact]
    public void A_handle_does_what_it_was_opened_for_and_no_more()
    {
        _cell.Create(1, 1, "/a");
        _cell.Open(2, 1, "/a", FileModes.Read);
        Assert.Equal(ChubbyError.WrongMode, _cell.Write(2, 1, "x").Error);
        Assert.Equal(ChubbyError.WrongMode, _cell.Acquire(2, 1).Error);
        Assert.Equal(ChubbyError.WrongMode, _cell.Do(new SetFileAcl(1, 2, 1, AclEntry.Open)).Error);
        Assert.Equal(ChubbyError.InvalidHandle, _cell.Write(2, 9, "x").Error);
    }

    [Fact]
    public void Access_is_judged_at_Open_by_the_ACL_that_children_inherit()
    {
        AclEntry[] readOnly = [new(Permissions.Read | Permissions.Create | Permissions.Admin, "world", "anyone")];
        _cell.Do(new OpenFile(1, 1, 1, "/d", FileModes.Create | FileModes.ChangeAcl | FileModes.Directory, 0, 0, null, readOnly));
        _cell.Create(1, 2, "/d/f");
        Assert.Equal(ChubbyError.Ok, _cell.Write(1, 2, "its maker's handle was not asked").Error);
        Assert.Equal(ChubbyError.AccessDenied, _cell.Open(2, 1, "/d/f").Error);
        Assert.Equal(ChubbyError.Ok, _cell.Open(2, 1, "/d/f", FileModes.Read).Error);
        Assert.Equal(1, _cell.Do(new SetFileAcl(1, 1, 1, AclEntry.Open)).Stat.AclGeneration);
        Assert.Equal(ChubbyError.Ok, _cell.Open(2, 2, "/d").Error);
    }

    [Fact]
    public void Directories_have_no_contents_and_files_with_contents_no_children()
    {
        Assert.True(_cell.Create(1, 1, "/d", FileModes.Directory).Stat.IsDirectory);
        Assert.Equal(ChubbyError.NotAFile, _cell.Write(1, 1, "x").Error);
        _cell.Create(1, 2, "/f", contents: "x");
        Assert.Equal(ChubbyError.NotAFile, _cell.Create(1, 3, "/f/g").Error);
    }

    [Fact]
    public void Delete_refuses_a_file_with_children_and_makes_every_handle_invalid()
    {
        _cell.Create(1, 1, "/d", FileModes.Directory);
        _cell.Create(1, 2, "/d/f");
        Assert.Equal(ChubbyError.HasChildren, _cell.Do(new DeleteFile(1, 1, 1)).Error);
        _cell.Open(2, 1, "/d/f");
        Assert.Equal(ChubbyError.Ok, _cell.Do(new DeleteFile(1, 2, 1)).Error);
        Assert.Equal(["1.2 HandleInvalid", "2.1 HandleInvalid"], _cell.Happened);
        Assert.Equal(ChubbyError.InvalidHandle, _cell.Write(1, 2, "x").Error);
    }

    [Fact]
    public void An_ephemeral_file_goes_with_the_last_handle()
    {
        _cell.Create(1, 1, "/e", FileModes.Ephemeral);
        _cell.Open(2, 1, "/e");
        _cell.Lose(1);
        Assert.NotNull(_cell.State.Tree.Find("/e"));
        _cell.Do(new CloseFile(1, 2, 1));
        Assert.Null(_cell.State.Tree.Find("/e"));
    }

    [Fact]
    public void An_ephemeral_directory_goes_when_it_is_empty_and_not_open()
    {
        _cell.Create(1, 1, "/e", FileModes.Ephemeral | FileModes.Directory);
        _cell.Create(1, 2, "/e/f", FileModes.Ephemeral);
        _cell.Do(new CloseFile(1, 1, 1));
        Assert.NotNull(_cell.State.Tree.Find("/e"));
        _cell.Do(new CloseFile(1, 1, 2));
        Assert.Null(_cell.State.Tree.Find("/e"));
    }

    [Fact]
    public void Events_are_told_to_those_who_asked()
    {
        _cell.Create(1, 1, "/d", FileModes.Directory, ChubbyEvents.ChildAdded | ChubbyEvents.ChildModified | ChubbyEvents.ChildRemoved);
        _cell.Open(2, 1, "/d");
        _cell.Create(2, 2, "/d/f", events: ChubbyEvents.ContentsChanged);
        Assert.Equal(["1.1 ChildAdded f"], _cell.Happened);
        _cell.Write(2, 2, "x");
        Assert.Equal(["2.2 ContentsChanged", "1.1 ChildModified f"], _cell.Happened);
        _cell.Do(new DeleteFile(1, 2, 2));
        Assert.Equal(["2.2 HandleInvalid", "1.1 ChildRemoved f"], _cell.Happened);
    }

    [Fact]
    public void A_file_made_through_ZooKeeper_is_seen_and_its_changes_are_told()
    {
        _cell.Apply(0, new CreateNode("/z", "one"u8.ToArray(), AclEntry.Open, CreateMode.Persistent, 0));
        Assert.Equal(3, _cell.Open(1, 1, "/z", events: ChubbyEvents.ContentsChanged).Stat.Length);
        _cell.Apply(0, new SetNodeData("/z", "two!"u8.ToArray(), -1));
        Assert.Equal(["1.1 ContentsChanged"], _cell.Happened);
        _cell.Acquire(1, 1);
        _cell.Apply(0, new DeleteNode("/z", -1));
        Assert.Equal(["1.1 HandleInvalid"], _cell.Happened);
        Assert.Empty(_cell.State.Files.Locks);
    }

    [Fact]
    public void Changes_of_an_earlier_master_are_void()
    {
        _cell.Create(1, 1, "/a");
        Assert.Equal(ChubbyError.Ok, _cell.Do(new TakeOver(3)).Error);
        Assert.Equal(ChubbyError.NotMaster, _cell.Write(1, 1, "late").Error);
        Assert.Equal(ChubbyError.NotMaster, _cell.Do(new TakeOver(2)).Error);
        Assert.Empty(_cell.State.Tree.Find("/a")!.Data!);
    }

    [Fact]
    [Trait("Limit", "FileBytesMax")]
    [Trait("Limit", "LockDelayMsMax")]
    [Trait("Limit", "PathCharsMax")]
    public void Limits_are_kept()
    {
        _cell.Create(1, 1, "/a");
        Assert.Equal(ChubbyError.Ok, _cell.Write(1, 1, new string('x', CellLimits.FileBytesMax)).Error);
        Assert.Equal(ChubbyError.LimitExceeded, _cell.Write(1, 1, new string('x', CellLimits.FileBytesMax + 1)).Error);
        Assert.Equal(ChubbyError.LimitExceeded, _cell.Create(1, 2, "/b", lockDelayMs: CellLimits.LockDelayMsMax + 1).Error);
        Assert.Equal(ChubbyError.BadName, _cell.Create(1, 2, "/" + new string('x', CellLimits.PathCharsMax)).Error);
        Assert.Equal(ChubbyError.SessionExpired, _cell.Create(99, 1, "/b").Error);
    }
}
