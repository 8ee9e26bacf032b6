// What perl does in the place of sh and util-linux where a sandbox's view is built: one process for all mounts, not one for each.
/** Numbers of system calls: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h. */
const numbers = {
  x64: { setns: 308, unshare: 272, prctl: 157, mount: 165, umount: 166, pivot: 155 },
  arm64: { setns: 268, unshare: 97, prctl: 167, mount: 40, umount: 39, pivot: 41 },
} as const;

export type Calls = (typeof numbers)[keyof typeof numbers];

/** Subroutines: `carry_out FOLDER INSTRUCTIONS...` does what view-scripts.ts says of these below the folder. */
export const viewSubroutines = (call: Calls): string => `use strict;
my ($read_only, $no_suid, $no_device, $no_exec, $again, $bind) = (1, 2, 4, 8, 0x20, 0x1000);
sub call { my ($what, @given) = @_; syscall($given[0], @given[1 .. $#given]) == -1 and die "$what: $!\\n"; }
sub attach { my ($from, $at, $type, $flags, $data) = @_; call("mount $at", ${String(call.mount)}, $from, $at, $type, $flags, $data); }
sub folder {
  my ($path, $made) = (shift, '');
  return if -d $path;
  for my $name (grep { $_ ne '' } split('/', $path)) { $made .= "/$name"; mkdir($made) or -d $made or die "$made: $!\\n"; }
}
sub place {
  my ($from, $at) = @_;
  return folder($at) if -d $from;
  folder($at =~ s{/[^/]*$}{}r);
  return if -e $at;
  open(my $file, '>', $at) or die "$at: $!\\n";
}

sub carry_out {
  my ($new, @left) = @_;
  while (defined(my $do = shift(@left))) {
    if ($do eq 'dir') { folder($new . shift(@left)); }
    elsif ($do eq 'link') {
      my ($to, $at) = (shift(@left), $new . shift(@left));
      symlink($to, $at) or die "$at: $!\\n";
    } elsif ($do eq 'device') {
      my $name = shift(@left);
      place("/dev/$name", "$new/dev/$name");
      attach("/dev/$name", "$new/dev/$name", 0, $bind, 0);
    } elsif ($do eq 'show' || $do eq 'bind') {
      my ($from, $at) = (shift(@left), $new . shift(@left));
      my $kept = $do eq 'show' && shift(@left) eq ',noexec' ? $no_exec : 0;
      place($from, $at);
      attach($from, $at, 0, $bind, 0);
      attach('none', $at, 0, $again | $bind | $no_suid | $no_device | $kept | ($do eq 'show' ? $read_only : 0), 0);
    } elsif ($do eq 'fresh') {
      my ($at, $options) = ($new . shift(@left), substr(shift(@left), 1));
      folder($at);
      attach('ai-implement', $at, 'tmpfs', $no_suid | $no_device, $options);
    } elsif ($do eq 'overlay') {
      my ($options, $at) = (shift(@left), $new . shift(@left));
      attach('ai-implement', $at, 'overlay', 0, $options);
    } else { die "no instruction: $do\\n"; }
  }
}
`;

/** Null for a processor that we have no numbers for. */
export const callsOf = (architecture: string): Calls | null =>
  architecture === 'x64' || architecture === 'arm64' ? numbers[architecture] : null;
