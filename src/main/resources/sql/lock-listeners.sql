-- Every writer of the plays of a listener takes this lock first, and the locks of several listeners in their order.
select count(hold_listener(listener_id)) as listeners
  from (select distinct listener_id
          from staged_line
         where listener_id is not null
         order by listener_id) as staged
